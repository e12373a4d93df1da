import { RingsideError } from './errors.ts';

/** The reason of signals that fire because the hub is being stopped: what they end is to be gone on with by the next hub. */
export class HubStopped extends RingsideError {
  constructor() {
    super('unavailable', 'The hub is being stopped.');
    this.name = 'HubStopped';
  }
}

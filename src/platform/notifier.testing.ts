import type { Notifier } from './notifier.ts';

/** For tests in which nobody listens. */
export const silentNotifier: Notifier = {
  publish: async () => {},
  publishAll: async () => {},
  subscribe: () => () => {},
  onReconnect: () => () => {},
};

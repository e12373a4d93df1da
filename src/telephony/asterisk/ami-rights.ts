import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AmiConnection } from './ami-connection.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';

/** A right of the manager user that is missing, and what does not work without it. */
export interface MissingRight {
  /** As manager.conf writes it: `read = call`. */
  right: string;
  without: string;
}

/** Each right with an action that only it allows; the actions belong to the core unless `with` names one that must be there too. */
const writeRights = [
  { right: 'originate', action: 'Originate', without: 'calls cannot be placed from the Desk' },
  {
    right: 'call',
    action: 'Redirect',
    without: 'calls cannot be transferred or hung up from Ringside',
  },
  {
    right: 'reporting',
    action: 'CoreShowChannels',
    without:
      'calls that are up are not seen after a reconnect, and ended ones stay open until they are forgotten',
  },
  {
    right: 'agent',
    action: 'QueuePause',
    with: 'QueueStatus',
    without: 'agents cannot be paused in their queues',
  },
];

/**
 * Which rights the signed-in user lacks. Asterisk tells nobody his rights, but `ListCommands` lists only the actions that he may do
 * (proved on 16 and 22). `read = call` shows itself by the OriginateResponse to a call through a technology that does not
 * exist, which makes no channel. `read = agent` and `read = cdr` cannot be asked for.
 */
export async function findMissingRights(
  connection: AmiConnection,
  probe: RightsProbe,
): Promise<MissingRight[]> {
  const commands = await connection.action({ Action: 'ListCommands' });
  const missing: MissingRight[] = writeRights
    .filter(({ action, with: other }) => !commands.has(action) && (!other || commands.has(other)))
    .map(({ right, without }) => ({ right: `write = ${right}`, without }));
  if (commands.has('Originate') && !(await probe.seesCalls(connection)))
    missing.unshift({ right: 'read = call', without: 'no call is seen at all, and nothing pops' });
  return missing;
}

/** Watches the events of a connection for the answer to the probe. */
export interface RightsProbe {
  onEvents(messages: readonly AmiMessage[]): void;
  seesCalls(connection: AmiConnection): Promise<boolean>;
}

const probeWaitMs = 1_500;

export function createRightsProbe(): RightsProbe {
  const id = `ringside-rights-${randomUUID()}`;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  return {
    onEvents(messages) {
      const isAnswer = (message: AmiMessage) =>
        valueOf(message, 'Event') === 'OriginateResponse' && valueOf(message, 'Uniqueid') === id;
      if (messages.some(isAnswer)) resolve(true);
    },
    async seesCalls(connection) {
      const answer = await connection.action({
        Action: 'Originate',
        Channel: 'RingsideProbe/none',
        Application: 'Hangup',
        Async: 'true',
        ChannelId: id,
        Timeout: '1000',
      });
      if (valueOf(answer, 'Response') !== 'Success') return true;
      return Promise.race([promise, sleep(probeWaitMs, false)]);
    },
  };
}

import type { Settings } from '../../platform/setting-field.ts';
import { keepLink } from '../keep-link.ts';
import type { LinkSession } from '../keep-link.ts';
import { LinkError } from '../link-error.ts';
import type { LinkSink, PhoneLink } from '../port.ts';
import { unreachable } from '../unreachable.ts';
import { openAmiConnection } from './ami-connection.ts';
import type { AmiConnection, AmiTiming } from './ami-connection.ts';
import { createOriginator } from './ami-originate.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { findPhones } from './ami-phones.ts';
import type { Phones } from './ami-phones.ts';
import { createRightsProbe, findMissingRights } from './ami-rights.ts';
import { signIn } from './ami-sign-in.ts';
import { createAmiTranslator } from './ami-translator.ts';
import { asteriskSettings } from './settings.ts';

/**
 * Listens to an Asterisk until closed. After every (re)connect what is up is listed and reconciled: calls that are gone close as
 * unknown, running ones go on, and a restarted Asterisk closes all.
 */
export function openAsteriskLink(
  settings: Settings,
  secrets: Settings,
  sink: LinkSink,
  timing: Partial<AmiTiming> = {},
): PhoneLink {
  const { address, login, trunks, context } = asteriskSettings(settings, secrets);
  const stop = new AbortController();
  let translator = createAmiTranslator(trunks);
  let started: string | null = null;
  let phones: Phones = new Map();
  let current: AmiConnection | null = null;
  const originator = createOriginator(() => phones, context);

  async function connect(): Promise<LinkSession> {
    const probe = createRightsProbe();
    let listed = false;
    let learning = Promise.resolve();
    const onEvents = (messages: AmiMessage[], receivedAt: Date) => {
      probe.onEvents(messages);
      originator.onEvents(messages);
      // An Asterisk that just starts lets us in before it has read its phones and queues.
      if (listed && messages.some(isFullyBooted)) void learn().catch(fail);
      const events = messages.flatMap((message) => translator.translate(message, receivedAt));
      return sink.events(events, messages.length);
    };
    const connection = await openAmiConnection({ ...address, timing, onEvents }, stop.signal);
    // What was told and not kept leaves the translator ahead of the books: it begins anew then.
    const tidy = (reason: LinkError) => {
      if (reason.code === 'failed') translator = createAmiTranslator(trunks);
      if (current === connection) current = null;
    };
    void connection.closed.then(tidy);
    const fail = (error: unknown) =>
      connection.close(error instanceof LinkError ? error : undefined);
    /** One after the other: what was learnt last counts. */
    const learn = () => (learning = learning.then(() => learnNow()));
    async function learnNow(): Promise<void> {
      await snapshot(connection);
      listed = true;
      phones = await findPhones(connection, trunks);
      const missing = await findMissingRights(connection, probe);
      current = connection;
      await sink.up({
        extensions: [...phones.keys()],
        warnings: missing.map(({ right, without }) => `${right} is missing: ${without}.`),
      });
    }
    try {
      await signIn(connection, login);
      connection.watch();
      await learn();
    } catch (error) {
      fail(error);
      throw error;
    }
    return connection;
  }

  async function snapshot(connection: AmiConnection): Promise<void> {
    const status = await connection.action({ Action: 'CoreStatus' });
    const start = `${valueOf(status, 'CoreStartupDate')} ${valueOf(status, 'CoreStartupTime')}`;
    if (started !== null && start !== ' ' && start !== started) {
      translator = createAmiTranslator(trunks);
      await sink.events([{ type: 'snapshot', at: new Date(), calls: [] }], 0);
    }
    if (start !== ' ') started = start;
    // Their events reach the translator like all others, in this order.
    for (const Action of ['CoreShowChannels', 'Status', 'QueueStatus'])
      await connection.list({ Action });
  }

  const done = keepLink(connect, sink, stop.signal);
  return {
    async originate(order) {
      return current === null ? unreachable : originator.originate(current, order);
    },
    async close() {
      stop.abort();
      await done;
    },
  };
}

function isFullyBooted(message: AmiMessage): boolean {
  return valueOf(message, 'Event') === 'FullyBooted';
}

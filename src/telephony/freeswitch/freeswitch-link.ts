import type { Settings } from '../../platform/setting-field.ts';
import { keepLink } from '../keep-link.ts';
import type { LinkSession } from '../keep-link.ts';
import type { LinkError } from '../link-error.ts';
import type { LinkSink, PhoneLink } from '../port.ts';
import { unreachable } from '../unreachable.ts';
import { authenticate, openEslConnection } from './esl-client.ts';
import type { EslConnection, EslTiming } from './esl-client.ts';
import { createOriginator } from './esl-originate.ts';
import type { EslEvent } from './esl-parser.ts';
import { findExtensions } from './esl-phones.ts';
import { readListing } from './esl-snapshot.ts';
import { createEslTranslator } from './esl-translator.ts';
import { freeswitchSettings } from './settings.ts';

/** The events that the translator reads; what stands behind CUSTOM are subclasses. */
export const subscription =
  'event plain CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE ' +
  'CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY RECORD_START BACKGROUND_JOB ' +
  'CUSTOM valet_parking::info callcenter::info';

/**
 * Listens to a FreeSWITCH until closed. After every (re)connect its channels are listed and reconciled: calls that are gone close as
 * unknown, and running ones go on. A restarted FreeSWITCH lists none of the old ones.
 */
export function openFreeswitchLink(
  settings: Settings,
  secrets: Settings,
  sink: LinkSink,
  timing: Partial<EslTiming> = {},
): PhoneLink {
  const { address, password, trunks, domain, context } = freeswitchSettings(settings, secrets);
  const stop = new AbortController();
  const originator = createOriginator({ domain, context });
  let translator = createEslTranslator(trunks);
  let current: EslConnection | null = null;

  async function connect(): Promise<LinkSession> {
    const onEvents = (events: EslEvent[], receivedAt: Date) => {
      originator.onEvents(events);
      const facts = events.flatMap((event) => translator.translate(event, receivedAt));
      return sink.events(facts, events.length);
    };
    const connection = await openEslConnection({ ...address, timing, onEvents }, stop.signal);
    // What was told and not kept leaves the translator ahead of the books: it begins anew then.
    const forget = (reason: LinkError) => {
      if (reason.code === 'failed') translator = createEslTranslator(trunks);
      if (current === connection) current = null;
    };
    void connection.closed.then(forget);
    try {
      await authenticate(connection, password);
      connection.watch();
      await connection.command(subscription);
      const listed = readListing(await connection.command('api show channels as json'));
      await sink.events(translator.reconcile(listed, new Date()), 0);
      const extensions = await findExtensions(connection);
      current = connection;
      await sink.up({ extensions, warnings: [] });
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
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

import type { PhoneStream, PhoneSystemKind, StreamOptions } from '../port.ts';
import { createEslParser } from './esl-parser.ts';
import { findListing } from './esl-snapshot.ts';
import type { ListedChannel } from './esl-snapshot.ts';
import { createEslTranslator } from './esl-translator.ts';
import { openFreeswitchLink } from './freeswitch-link.ts';
import {
  freeswitchFields,
  freeswitchGuide,
  freeswitchTarget,
  parseFreeswitchSettings,
} from './settings.ts';
import { testFreeswitch } from './test-freeswitch.ts';

/** FreeSWITCH, and what is built on it (FusionPBX and others), through its Event Socket. */
export const freeswitch: PhoneSystemKind = {
  kind: 'freeswitch',
  title: 'FreeSWITCH (Event Socket)',
  readStream({ trunks }: StreamOptions): PhoneStream {
    let listings: { listed: ListedChannel[]; eventsBefore: number }[] = [];
    const parser = createEslParser(({ headers, body }, eventsBefore) => {
      const answers = headers.get('Content-Type') === 'api/response';
      const listed = answers ? findListing(body) : null;
      if (listed !== null) listings.push({ listed, eventsBefore });
    });
    const translator = createEslTranslator(trunks);
    return {
      push(chunk, receivedAt) {
        const events = parser.push(chunk);
        const found = listings;
        listings = [];
        const reconcileAt = (place: number) =>
          found
            .filter(({ eventsBefore }) => eventsBefore === place)
            .flatMap(({ listed }) => translator.reconcile(listed, receivedAt));
        return [
          ...events.flatMap((event, place) => [
            ...reconcileAt(place),
            ...translator.translate(event, receivedAt),
          ]),
          ...reconcileAt(events.length),
        ];
      },
      end() {
        parser.end();
        return [];
      },
    };
  },
  link: {
    fields: freeswitchFields,
    guide: freeswitchGuide,
    target: freeswitchTarget,
    parseSettings: parseFreeswitchSettings,
    open: (settings, secrets, sink) => openFreeswitchLink(settings, secrets, sink),
    test: (settings, secrets, signal) => testFreeswitch(settings, secrets, signal),
  },
};

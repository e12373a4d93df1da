import type { PhoneStream, PhoneSystemKind, StreamOptions } from '../port.ts';
import { createEslParser } from './esl-parser.ts';
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
    const parser = createEslParser();
    const translator = createEslTranslator(trunks);
    return {
      push: (chunk, receivedAt) =>
        parser.push(chunk).flatMap((event) => translator.translate(event, receivedAt)),
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

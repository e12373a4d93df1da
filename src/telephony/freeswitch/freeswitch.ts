import type { PhoneStream, PhoneSystemKind, StreamOptions } from '../port.ts';
import { createEslParser } from './esl-parser.ts';
import { createEslTranslator } from './esl-translator.ts';

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
};

import type { PhoneStream, PhoneSystemKind, StreamOptions } from '../port.ts';
import { createAmiParser } from './ami-parser.ts';
import { createAmiTranslator } from './ami-translator.ts';
import { openAsteriskLink } from './asterisk-link.ts';
import {
  asteriskFields,
  asteriskGuide,
  asteriskTarget,
  parseAsteriskSettings,
} from './settings.ts';
import { testAsterisk } from './test-asterisk.ts';

/** Asterisk, and what is built on it (FreePBX and others), through its manager interface. */
export const asterisk: PhoneSystemKind = {
  kind: 'asterisk',
  title: 'Asterisk (AMI)',
  readStream({ trunks }: StreamOptions): PhoneStream {
    const parser = createAmiParser();
    const translator = createAmiTranslator(trunks);
    return {
      push: (chunk, receivedAt) =>
        parser.push(chunk).flatMap((message) => translator.translate(message, receivedAt)),
      end() {
        parser.end();
        return [];
      },
    };
  },
  link: {
    fields: asteriskFields,
    guide: asteriskGuide,
    target: asteriskTarget,
    parseSettings: parseAsteriskSettings,
    open: (settings, secrets, sink) => openAsteriskLink(settings, secrets, sink),
    test: (settings, secrets, signal) => testAsterisk(settings, secrets, signal),
  },
};

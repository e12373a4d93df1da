import type { KeyObject } from 'node:crypto';
import { headerOf } from '../hook-body.ts';
import type { HookReply, HookRequest, PhoneSystemKind } from '../port.ts';
import { readSipgateEvent } from './sipgate-event.ts';
import { sipgateKey, verifySipgate } from './signature.ts';
import { translateSipgateEvent } from './translate-event.ts';

export const sipgate: PhoneSystemKind = sipgateWith(sipgateKey);

/** The adapter with another key than sipgate's own. */
export function sipgateWith(key: KeyObject): PhoneSystemKind {
  return {
    kind: 'sipgate',
    title: 'sipgate (sipgate.io)',
    readHook(request) {
      verifySipgate(key, request.rawBody, headerOf(request, 'x-sipgate-signature'));
      return translateSipgateEvent(readSipgateEvent(request), request.receivedAt);
    },
    replyHook: askForMore,
  };
}

/** Only if the answer asks for them does sipgate tell who lifts and when the call is over. */
function askForMore({ url }: HookRequest): HookReply {
  const address = url.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response onAnswer="${address}" onHangup="${address}"/>\n`,
  };
}

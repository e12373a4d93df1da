import { freeswitch } from './freeswitch/freeswitch.ts';
import type { PhoneSystemKind } from './port.ts';
import { asterisk } from './asterisk/asterisk.ts';
import { sipgate } from './sipgate/sipgate.ts';
import { telnyx } from './telnyx/telnyx.ts';
import { threecx } from './threecx/threecx.ts';
import { twilio } from './twilio/twilio.ts';
import { vonage } from './vonage/vonage.ts';
import { webhook } from './webhook/webhook.ts';

/** Every kind of phone system we can listen to. A new one is added here and nowhere else. */
export const phoneSystemKinds: readonly PhoneSystemKind[] = [
  webhook,
  asterisk,
  freeswitch,
  threecx,
  sipgate,
  twilio,
  telnyx,
  vonage,
];

/** Null when we do not know the kind. */
export function phoneSystemKind(kind: string): PhoneSystemKind | null {
  return phoneSystemKinds.find((known) => known.kind === kind) ?? null;
}

import type { ChannelType } from '../call-graph.ts';
import { fieldOf } from './esl-parser.ts';
import type { EslEvent } from './esl-parser.ts';

/** What phones speak; `pickup`, `error` and the like are no phones. */
const phoneTechnologies = new Set(['sofia', 'verto', 'verto.rtc', 'skinny']);

/**
 * What an event tells of its channel: `sofia/internal/101@127.0.0.21:5062`, `sofia/gateway/NAME/+1202…`, `loopback/102-a`. Phones
 * and outside lines may share a profile: a trunk is known by the host, gateway or profile in its name. A phone's extension is
 * the user that was dialled or, of a phone that dials, the user that signed in; other legs of the call carry these variables too.
 */
export function readChannel(event: EslEvent, trunks: readonly string[]): ChannelType {
  const name = fieldOf(event, 'Channel-Name');
  const [technology = '', profile = '', ...rest] = name.split('/');
  if (technology === 'loopback') {
    const half = name.endsWith('-a') ? '-b' : '-a';
    return { kind: 'local', other: name.replace(/-[ab]$/, half) };
  }
  const address = rest.at(-1) ?? profile;
  const host = hostOf(address);
  const gateway = fieldOf(event, 'variable_sip_gateway_name');
  const outside = [host, hostWithoutPort(host), gateway, profile, ...rest.slice(0, -1)];
  if (outside.some((part) => part !== '' && trunks.includes(part))) return { kind: 'trunk' };
  const called = fieldOf(event, 'Call-Direction') === 'outbound';
  const user =
    (called &&
      (fieldOf(event, 'variable_dialed_user') || fieldOf(event, 'variable_presence_id'))) ||
    (!called && fieldOf(event, 'variable_user_name')) ||
    address;
  const extension = user.replace(/@.*$/, '');
  if (!phoneTechnologies.has(technology) || extension === '') return { kind: 'other' };
  return { kind: 'phone', extension };
}

/** The number in the name of an outside line. */
export function numberOf(event: EslEvent): string | null {
  const name = fieldOf(event, 'Channel-Name');
  const dialled = fieldOf(event, 'Caller-Destination-Number');
  return dialled || name.slice(name.lastIndexOf('/') + 1).replace(/@.*$/, '') || null;
}

function hostOf(address: string): string {
  return address.slice(address.indexOf('@') + 1);
}

function hostWithoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}

import type { ChannelType } from '../call-graph.ts';

const phoneTechnologies = new Set(['PJSIP', 'SIP', 'IAX2', 'SCCP', 'Skinny', 'DAHDI']);

/** The peer of a channel or of a dial string: the part between the first '/' and the last '-'. */
function peerOf(name: string): string {
  const slash = name.indexOf('/');
  const dash = name.lastIndexOf('-');
  return name.slice(slash + 1, dash > slash ? dash : undefined);
}

/**
 * What a channel's name tells: `PJSIP/101-0000001a`, `Local/102@internal-00000002;1`.
 * Only the name is reliable: CallerIDNum, Exten and ConnectedLineNum of a called leg hold other people's numbers. `trunks` are
 * names of peers or endpoints. A peer that is an address or 'anonymous' is nobody's phone.
 */
export function readChannelName(name: string, trunks: readonly string[]): ChannelType {
  const technology = name.slice(0, Math.max(name.indexOf('/'), 0));
  if (technology === 'Local') {
    const half = name.endsWith(';1') ? ';2' : ';1';
    return { kind: 'local', other: name.replace(/;[12]$/, half) };
  }
  const peer = peerOf(name);
  if (trunks.includes(peer)) return { kind: 'trunk' };
  if (!phoneTechnologies.has(technology) || peer === '') return { kind: 'other' };
  if (peer === 'anonymous' || /[.:@]/.test(peer)) return { kind: 'trunk' };
  return { kind: 'phone', extension: peer };
}

/** The phone that a dial string such as `PJSIP/101` names; null when it names none. */
export function extensionOf(dialString: string, trunks: readonly string[]): string | null {
  // As a channel it would carry a serial number behind it.
  const name = readChannelName(`${dialString}-00000000`, trunks);
  return name.kind === 'phone' ? name.extension : null;
}

/**
 * The outside number in a DialString: `+12025550188@trunk-carrier`, `PJSIP/+1202…@trunk`, `trunk/+1202…`,
 * `trunk/sip:+1202…@example.com`. Null when it holds none.
 */
export function dialledNumber(dialString: string, trunks: readonly string[]): string | null {
  const parts = dialString.split('/').filter((part) => !phoneTechnologies.has(part));
  const [number] = parts
    .filter((part) => !trunks.includes(part))
    .map((part) => part.replace(/^sips?:/i, '').replace(/@.*$/, ''));
  return number || null;
}

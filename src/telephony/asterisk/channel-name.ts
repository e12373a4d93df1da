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
 * names of peers, endpoints or lines. A peer that is an address or 'anonymous' is nobody's phone.
 */
export function readChannelName(name: string, trunks: readonly string[]): ChannelType {
  const technology = name.slice(0, Math.max(name.indexOf('/'), 0));
  if (technology === 'Local') {
    const half = name.endsWith(';1') ? ';2' : ';1';
    return { kind: 'local', other: name.replace(/;[12]$/, half) };
  }
  const peer = peerOf(name);
  // A line of a DAHDI span also carries the number: `DAHDI/i1/2025550143-1`.
  const [line = '', ...number] = peer.split('/');
  if (trunks.includes(peer) || trunks.includes(line)) return { kind: 'trunk' };
  if (technology === 'DAHDI' && number.length > 0) return { kind: 'trunk' };
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
 * The outside number in a DialString: `+12025550188@trunk-carrier`, `PJSIP/+1202…@trunk`, `trunk/+1202…`, `g1/202…`,
 * `user:password@trunk/+1202…@context`, `trunk/sip:+1202…@example.com`. Null when it holds none.
 */
export function dialledNumber(dialString: string, trunks: readonly string[]): string | null {
  const parts = dialString.split('/').filter((part) => !phoneTechnologies.has(part));
  const names = parts
    .filter((part) => !trunks.includes(part))
    .map((part) => part.replace(/^sips?:/i, '').replace(/@.*$/, ''))
    // Who signs in at the other end is nobody's business here.
    .filter((part) => !part.includes(':') && !/^[giGRr]\d+$/.test(part));
  return names.find((part) => /^\+?[\d*#]+$/.test(part)) ?? (names[0] || null);
}

/** Names of trunks as people write them: `PJSIP/acme`, `PJSIP/acme-` and `acme` are the same. */
export function trunkNames(typed: readonly string[]): string[] {
  return typed.map((name) => name.replace(/^[A-Za-z0-9]+\//, '').replace(/-$/, ''));
}

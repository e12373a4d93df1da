import type { LinkTarget } from '../crm/port.ts';
import type { LinkMaker } from './match.ts';

const kinds = ['contact', 'consumer', 'customer', 'user'] as const;

/** The link that opens the record of a candidate's key, `contact:<connection>:<id>`; null where there is none. */
export function linkOfKey(link: LinkMaker, key: string): string | null {
  const [kind = '', connectionId = '', ...id] = key.split(':');
  const known = kinds.find((one) => one === kind);
  if (known === undefined) return null;
  return link(connectionId, { kind: known, id: id.join(':') } satisfies LinkTarget);
}

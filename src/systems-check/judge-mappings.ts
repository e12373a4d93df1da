import type { StoredLink } from '../calls/phone-link-store.ts';
import { isUp } from '../calls/phone-link-store.ts';
import type { HouseStep } from './house-contract.ts';
import { failed, passed, warned } from './house.ts';

/** One person who is mapped to a CRM user of one connection. */
export interface CheckedMapping {
  personId: string;
  connectionId: string;
  name: string;
  extension: string | null;
  /** As the mirror holds it; null: it is not among the CRM users that were pulled. */
  crmUser: { name: string; active: boolean } | null;
}

/** Rows of a step of their own; of the others only the number is told. */
const shownAtMost = 50;

/**
 * The extensions that the phone systems know; null where some phone system does not tell, so that an extension which none names may
 * still be one.
 */
export function knownExtensions(
  systemIds: readonly string[],
  links: readonly StoredLink[],
): ReadonlySet<string> | null {
  const telling = links.filter((link) => isUp(link) && link.extensions.length > 0);
  const all = systemIds.every((id) => telling.some(({ phoneSystemId }) => phoneSystemId === id));
  if (!all || telling.length === 0) return null;
  return new Set(telling.flatMap(({ extensions }) => extensions));
}

/** A step that sums up, and one for every mapping that is wrong. */
export function judgeMappings(
  mappings: readonly CheckedMapping[],
  extensions: ReadonlySet<string> | null,
): HouseStep[] {
  const wrong = mappings.flatMap((mapping) => judgeMapping(mapping, extensions) ?? []);
  const sum = { id: 'mappings', kind: 'mappings', title: 'CRM user mappings' } as const;
  if (mappings.length === 0) {
    const fix = 'Map people to CRM users under ‘CRM User Mappings’, so that pops reach them.';
    return [{ ...sum, ...warned('none', 'Nobody is mapped to a CRM user.', fix) }];
  }
  const told =
    extensions === null
      ? ' Whether the phone systems know the extensions cannot be known: not every one tells.'
      : '';
  if (wrong.length === 0) {
    const all =
      mappings.length === 1 ? 'The one mapping fits' : `All ${mappings.length} mappings fit`;
    const known = extensions === null ? '' : ', and the phone systems know the extensions';
    return [{ ...sum, ...passed(`${all}: the CRM users are active${known}.${told}`) }];
  }
  const more = wrong.length > shownAtMost ? ` The first ${shownAtMost} are listed here.` : '';
  const detail = `${wrong.length} of ${mappings.length} mappings ${wrong.length === 1 ? 'does' : 'do'} not fit.${more}${told}`;
  const judge = wrong.some(({ status }) => status === 'fail') ? failed : warned;
  return [{ ...sum, ...judge('some-wrong', detail, null) }, ...wrong.slice(0, shownAtMost)];
}

function judgeMapping(
  { personId, connectionId, name, extension, crmUser }: CheckedMapping,
  extensions: ReadonlySet<string> | null,
): HouseStep | null {
  const step = {
    id: `mapping:${personId}:${connectionId}`,
    kind: 'mapping',
    title: `Mapping of ${name}`,
  } as const;
  const again = 'another CRM user for this person under ‘CRM User Mappings’.';
  if (crmUser === null) {
    const detail =
      'The CRM user is not among those that were pulled: it was deleted, or may not be read.';
    return { ...step, ...failed('crm-user-gone', detail, `Choose ${again}`) };
  }
  if (!crmUser.active) {
    const detail = `The CRM user ${crmUser.name} is not active.`;
    return {
      ...step,
      ...failed('crm-user-inactive', detail, `Activate it in the CRM, or choose ${again}`),
    };
  }
  if (extension !== null && extensions !== null && !extensions.has(extension)) {
    const detail = `No phone system knows the extension ${extension}.`;
    const fix = 'Correct the extension under ‘CRM User Mappings’, or add it in the phone system.';
    return { ...step, ...warned('extension-unknown', detail, fix) };
  }
  return null;
}

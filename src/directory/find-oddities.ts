import type { Database } from '../platform/database/database.ts';
import { contactsWithoutName, sharedNumbers, undiallableNumbers } from './oddity-store.ts';
import { callerNumber } from './phone-number.ts';
import type { OwnerKind } from './tables.ts';

/** Something in the CRM's data that makes callers harder to know. */
export interface DirectoryOddity {
  kind: 'contact-without-name' | 'undiallable-number' | 'shared-number';
  /** How many contacts or numbers it concerns. */
  count: number;
  /** At most 10, each with the record to open. */
  examples: { text: string; record: { kind: OwnerKind; id: string } }[];
}

/** What is odd in the mirrored data of a connection; kinds of which there are none are absent. */
export async function findOddities(
  db: Database,
  organizationId: string,
  connectionId: string,
): Promise<DirectoryOddity[]> {
  const place = { organizationId, connectionId };
  const nameless = await contactsWithoutName(db, place);
  const undiallable = await undiallableNumbers(db, place);
  const shared = await sharedNumbers(db, place);
  const oddities: DirectoryOddity[] = [
    {
      kind: 'contact-without-name',
      count: nameless.count,
      examples: nameless.examples.map((odd) => ({
        text: `${nameOf(odd)}: ${missingName(odd)}`,
        record: recordOf(odd),
      })),
    },
    {
      kind: 'undiallable-number',
      count: undiallable.count,
      examples: undiallable.examples.map((odd) => ({
        text: `${nameOf(odd)}, ${odd.label}: ${odd.raw}`,
        record: recordOf(odd),
      })),
    },
    {
      kind: 'shared-number',
      count: shared.count,
      examples: shared.examples.map((odd) => ({
        text: `${callerNumber(odd.e164, '').display}: ${odd.owners} contacts, such as ${nameOf(odd)}`,
        record: recordOf(odd),
      })),
    },
  ];
  return oddities.filter(({ count }) => count > 0);
}

function nameOf({ name, email }: { name: string; email: string }): string {
  return name || email || '(no name)';
}

function missingName({ first, last }: { first: string; last: string }): string {
  if (first === '' && last === '') return 'no first and no last name';
  return first === '' ? 'no first name' : 'no last name';
}

function recordOf({ kind, id }: { kind: OwnerKind; id: string }): { kind: OwnerKind; id: string } {
  return { kind, id };
}

import { soleOwners } from '../directory/sole-owner-store.ts';
import type { Database } from '../platform/database/database.ts';

/**
 * Other numbers of the same callers, each with the key that was asked for: of people whom the mirror knows by both, each number theirs
 * alone. `keys` are those of callerKey; what is no number is nobody's.
 */
export async function otherNumbersOf(
  db: Database,
  organizationId: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const numbers = keys.filter((key) => key.startsWith('+'));
  const asked = new Map(
    (await soleOwners(db, organizationId, numbers))
      .filter(({ others }) => others.length > 0)
      .map((owner) => [owner.key, owner]),
  );
  const others = [...new Set([...asked.values()].flatMap((owner) => owner.others))];
  const owned = await soleOwners(db, organizationId, others);
  return new Map(
    owned.flatMap(({ number, key }): [string, string][] => {
      const owner = asked.get(key);
      return owner === undefined ? [] : [[number, owner.number]];
    }),
  );
}

import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { removeSessionsOf } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { peopleOf } from './person-store.ts';
import { peopleWithSecondFactor, removeSecondFactor } from './second-factor-store.ts';
import { refuseOperator } from './operator-store.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';
import type { PeopleChanged } from './view-organization.ts';

/**
 * An administrator takes somebody's second factor away: the telephone is lost, and the recovery codes too. Their sessions end.
 * Throws `not-found`, and `conflict` when the person has none or it is the administrator's own.
 */
export async function resetSecondFactor(
  deps: { db: Database; clock: Clock; peopleChanged?: PeopleChanged },
  viewer: Viewer,
  personId: string,
): Promise<void> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await deps.db.transaction().execute(async (trx) => {
    const person = (await peopleOf(trx, organizationId)).find(({ id }) => id === personId);
    if (person === undefined) throw new RingsideError('not-found', 'There is no such person.');
    if (personId === viewer.personId) {
      throw new RingsideError('conflict', 'This is your own second factor.', {
        fix: 'Take it away in My account, with your password.',
      });
    }
    const has = (await peopleWithSecondFactor(trx, organizationId)).has(personId);
    if (person.userId === null || !has)
      throw new RingsideError('conflict', `${person.name} has no second factor.`);
    await refuseOperator(trx, person.userId);
    await removeSecondFactor(trx, person.userId);
    await removeSessionsOf(trx, [person.userId]);
    await deps.peopleChanged?.(trx, organizationId);
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'reset second factor',
      subject: person.name,
    });
  });
}

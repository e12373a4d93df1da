import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Me } from './contract.ts';
import { organizationById } from './organization-store.ts';
import { needsSecondFactor } from './second-factor.ts';
import { hasSecondFactor, secondFactorFor } from './second-factor-store.ts';
import { administratorsOf, personById } from './person-store.ts';
import type { Viewer } from './viewer.ts';

/** Who is signed in, where, and whom to ask for more. */
export async function viewMe(deps: { db: Database }, viewer: Viewer): Promise<Me> {
  const [person, organization, administrators, active, setting] = await Promise.all([
    personById(deps.db, viewer.organizationId, viewer.personId),
    organizationById(deps.db, viewer.organizationId),
    administratorsOf(deps.db, viewer.organizationId),
    hasSecondFactor(deps.db, viewer.userId),
    secondFactorFor(deps.db, viewer.organizationId),
  ]);
  if (person === null || organization === null) {
    throw new RingsideError('unauthenticated', 'Your account was taken away.');
  }
  const { id, name, email, role, plan, extension, mapped, mayNot, numbersMasked } = person;
  return {
    person: { id, name, email, role, plan, extension, mapped, mayNot: [...mayNot], numbersMasked },
    secondFactor: {
      active,
      required: viewer.singleSignOn !== true && needsSecondFactor(setting, role),
    },
    operator: viewer.operator === true,
    singleSignOn: viewer.singleSignOn === true,
    organization,
    administrators,
  };
}

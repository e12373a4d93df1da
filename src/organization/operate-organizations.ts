import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { removeSessionsOf } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { putInvitation } from './invitation-store.ts';
import { invitationExpiry } from './invite-person.ts';
import type { OperatedOrganizationInput } from './operator-contract.ts';
import {
  accountsOf,
  hasAccount,
  invitedAdministrator,
  operatedOrganizations,
  setSeatsByOperator,
  setSuspended,
} from './operator-store.ts';
import type { OperatedRow } from './operator-store.ts';
import type { OrderMail } from './order-mail.ts';
import { insertOrganization, lockOrganization, setSeatTotals } from './organization-store.ts';
import type { SeatTotals } from './organization-store.ts';
import { insertPerson } from './person-store.ts';
import { placeErrors } from './place.ts';
import { newSecretToken } from './secret-token.ts';
import type { Viewer } from './viewer.ts';
import { seatsInUse } from './seats.ts';

export interface OperateDeps {
  db: Database;
  clock: Clock;
  /** Null or missing: links are copied. */
  orderMail?: OrderMail | null;
  /** Told in the transaction that ends sessions: their live streams are to end at once. */
  peopleChanged?(trx: Database, organizationId: string): Promise<void>;
}

/** Throws `forbidden` for anybody but an operator, as everything here. No role makes one: `ringside operator` does. */
export function requireOperator(viewer: Viewer): void {
  if (viewer.operator === true) return;
  throw new RingsideError('forbidden', 'This is for the operators of this hub.', {
    fix: 'Whoever runs the hub makes one with `ringside operator`.',
  });
}

export async function viewOrganizations(db: Database, viewer: Viewer): Promise<OperatedRow[]> {
  requireOperator(viewer);
  return operatedOrganizations(db, null);
}

/**
 * Makes an organization with its seats and its first administrator, who has no password yet; answers the token of the link. Throws
 * `invalid-input` for an unknown country or time zone, and for an address that signs in elsewhere.
 */
export async function operateNewOrganization(
  deps: OperateDeps,
  viewer: Viewer,
  input: OperatedOrganizationInput,
): Promise<{ organization: OperatedRow; token: string }> {
  requireOperator(viewer);
  const { name, country, timeZone, seats, administrator } = input;
  const fields = placeErrors(input);
  if (await hasAccount(deps.db, administrator.email)) {
    const message = 'Somebody signs in with this address already, in another organization.';
    fields.push({ field: 'administrator.email', message });
  }
  if (fields.length > 0)
    throw new RingsideError('invalid-input', 'The organization was not added.', { fields });
  const id = newId();
  const token = await operate(deps, viewer, id, async (trx) => {
    await insertOrganization(trx, { id, name, country, timeZone });
    await setSeatTotals(trx, id, seats);
    await setSeatsByOperator(trx, id);
    const personId = newId();
    const nobodyYet = { userId: null, plan: null, extension: null };
    await insertPerson(trx, id, {
      ...{ id: personId, ...administrator, ...nobodyYet, role: 'administrator' },
    });
    await note(trx, deps, viewer, id, 'create organization', name, {
      ...{ country, timeZone, seats, administrator: administrator.email },
    });
    return newLink(trx, deps, id, personId);
  });
  return { organization: await organizationOf(deps.db, id), token };
}

/** Throws `not-found`, and `invalid-input` for a total below what is used. */
export async function giveSeats(
  deps: OperateDeps,
  viewer: Viewer,
  id: string,
  seats: Partial<SeatTotals>,
): Promise<OperatedRow> {
  requireOperator(viewer);
  await organizationOf(deps.db, id);
  await operate(deps, viewer, id, async (trx) => {
    await lockOrganization(trx, id);
    const { name, seats: before } = await organizationOf(trx, id);
    const fields = before.flatMap(({ plan, used }) =>
      (seats[plan] ?? used) >= used
        ? []
        : [{ field: `seats.${plan}`, message: `${seatsInUse(plan, used)}.` }],
    );
    if (fields.length > 0)
      throw new RingsideError('invalid-input', 'The seats were not changed.', { fields });
    await setSeatTotals(trx, id, seats);
    await setSeatsByOperator(trx, id);
    await note(trx, deps, viewer, id, 'give seats', name, { seats });
  });
  return organizationOf(deps.db, id);
}

/**
 * Shuts an organization out, everybody's sessions and streams at once, or lets it in again. Nothing of it is deleted. Throws `not-found`,
 * and `conflict` for the operator's own.
 */
export async function suspendOrganization(
  deps: OperateDeps,
  viewer: Viewer,
  id: string,
  suspended: boolean,
): Promise<OperatedRow> {
  requireOperator(viewer);
  const { name, suspendedAt } = await organizationOf(deps.db, id);
  if (id === viewer.organizationId) {
    throw new RingsideError('conflict', 'This is your own organization.', {
      fix: 'You would shut yourself out.',
    });
  }
  if ((suspendedAt !== null) !== suspended) {
    await operate(deps, viewer, id, async (trx) => {
      await setSuspended(trx, id, suspended ? deps.clock.now() : null);
      if (suspended) await removeSessionsOf(trx, await accountsOf(trx, id));
      await deps.peopleChanged?.(trx, id);
      const action = suspended ? 'suspend organization' : 'resume organization';
      await note(trx, deps, viewer, id, action, name, {});
    });
  }
  return organizationOf(deps.db, id);
}

/**
 * A new link for the first administrator. Throws `not-found`, and `conflict` once an administrator has come in: from then on nobody but
 * them opens the door, an operator neither.
 */
export async function renewFirstInvitation(
  deps: OperateDeps,
  viewer: Viewer,
  id: string,
): Promise<{ name: string; email: string; token: string }> {
  requireOperator(viewer);
  await organizationOf(deps.db, id);
  return operate(deps, viewer, id, async (trx) => {
    await lockOrganization(trx, id);
    const { administered, name: organization } = await organizationOf(trx, id);
    const invited = await invitedAdministrator(trx, id);
    if (administered || invited === null) {
      throw new RingsideError('conflict', 'An administrator has come in already.', {
        fix: 'They invite everybody else, and make new links themselves.',
      });
    }
    await note(trx, deps, viewer, id, 'renew invitation', organization, { email: invited.email });
    const token = await newLink(trx, deps, id, invited.id);
    return { name: invited.name, email: invited.email, token };
  });
}

/** In one transaction, among the rows of that organization alone. */
function operate<T>(
  { db }: OperateDeps,
  viewer: Viewer,
  organizationId: string,
  work: (trx: Database) => Promise<T>,
): Promise<T> {
  requireOperator(viewer);
  return inOrganization(organizationId, () => db.transaction().execute(work));
}

async function organizationOf(db: Database, id: string): Promise<OperatedRow> {
  const [found] = await operatedOrganizations(db, id);
  if (found === undefined) throw new RingsideError('not-found', 'There is no such organization.');
  return found;
}

async function newLink(
  trx: Database,
  { clock, orderMail }: OperateDeps,
  organizationId: string,
  personId: string,
): Promise<string> {
  const { token, hash } = newSecretToken();
  const expiresAt = invitationExpiry(clock.now());
  await putInvitation(trx, organizationId, { personId, tokenHash: hash, expiresAt });
  await orderMail?.(trx, organizationId, { personId, kind: 'invitation', token });
  return token;
}

/** In the organization's audit log: its administrators see what an operator did. */
function note(
  trx: Database,
  { clock }: OperateDeps,
  { personId, name }: Viewer,
  organizationId: string,
  action: string,
  subject: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const by = { personId, name: `${name} (operator)` };
  return recordChange(trx, organizationId, { at: clock.now(), by, action, subject, detail });
}

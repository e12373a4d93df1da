import type { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { recordChange } from './audit-store.ts';
import type { personInput } from './contract.ts';
import { putInvitation } from './invitation-store.ts';
import { lockOrganization, seatTotals } from './organization-store.ts';
import type { SeatTotals } from './organization-store.ts';
import { refuseOperator } from './operator-store.ts';
import { sendsNoMail } from './order-mail.ts';
import type { OrderMail } from './order-mail.ts';
import { insertPerson, peopleOf } from './person-store.ts';
import type { StoredPerson } from './person-store.ts';
import { newSecretToken } from './secret-token.ts';
import { noSeatFree, usedSeats } from './seats.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

const invitationDays = 7;

/** Until when a link of now is good. */
export function invitationExpiry(now: Date): Date {
  return new Date(now.getTime() + invitationDays * 86_400_000);
}

type PersonInput = z.output<typeof personInput>;

export interface InviteDeps {
  db: Database;
  clock: Clock;
  /** Null or missing: nobody is sent a mail, the link is copied. */
  orderMail?: OrderMail | null;
}

/**
 * Adds a person who has no password yet, and sends the invitation where this hub sends mail; answers their id and the token of the
 * link, which is not kept.
 * Throws `invalid-input` naming who has the e-mail or the extension, or that no seat is free.
 */
export async function invitePerson(
  deps: InviteDeps,
  viewer: Viewer,
  input: PersonInput,
): Promise<{ personId: string; token: string }> {
  requireRole(viewer, 'administrator');
  const organizationId = viewer.organizationId;
  const personId = newId();
  const token = await deps.db.transaction().execute(async (trx) => {
    await lockOrganization(trx, organizationId);
    const fields = clashes(
      input,
      await peopleOf(trx, organizationId),
      await seatTotals(trx, organizationId),
    );
    if (fields.length > 0)
      throw new RingsideError('invalid-input', 'This person cannot be added.', { fields });
    await insertPerson(trx, organizationId, { ...input, id: personId, userId: null });
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'invite person',
      subject: input.name,
      detail: {
        email: input.email,
        role: input.role,
        plan: input.plan,
        extension: input.extension,
      },
    });
    const link = await putNewLink(trx, deps.clock.now(), organizationId, personId);
    await deps.orderMail?.(trx, organizationId, { personId, kind: 'invitation', token: link });
    return link;
  });
  return { personId, token };
}

/**
 * A new link for a person, the old one is void. For somebody who has a password already it is the way to a new one.
 * Throws `not-found`, or `conflict` for a deactivated person.
 */
export async function renewInvitation(
  deps: InviteDeps,
  viewer: Viewer,
  personId: string,
  { byMail = false } = {},
): Promise<{ token: string }> {
  requireRole(viewer, 'administrator');
  const organizationId = viewer.organizationId;
  const token = await deps.db.transaction().execute(async (trx) => {
    await lockOrganization(trx, organizationId);
    const person = (await peopleOf(trx, organizationId)).find(({ id }) => id === personId);
    if (person === undefined) throw new RingsideError('not-found', 'There is no such person.');
    if (byMail && deps.orderMail == null) throw sendsNoMail('Make a link and send it yourself.');
    if (person.userId !== null && personId !== viewer.personId)
      await refuseOperator(trx, person.userId);
    if (!person.active) {
      throw new RingsideError('conflict', `${person.name} is deactivated.`, {
        fix: 'Activate them first, and Save.',
      });
    }
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: person.userId === null ? 'renew invitation' : 'make password link',
      subject: person.name,
    });
    const link = await putNewLink(trx, deps.clock.now(), organizationId, personId);
    const kind = person.userId === null ? ('invitation' as const) : ('password' as const);
    if (byMail) await deps.orderMail?.(trx, organizationId, { personId, kind, token: link });
    return link;
  });
  return { token };
}

/** {@link renewInvitation} by mail: nobody else sees the link. Throws `conflict` when this hub sends none. */
export async function sendInvitation(
  deps: InviteDeps,
  viewer: Viewer,
  personId: string,
): Promise<void> {
  await renewInvitation(deps, viewer, personId, { byMail: true });
}

async function putNewLink(
  trx: Database,
  now: Date,
  organizationId: string,
  personId: string,
): Promise<string> {
  const { token, hash } = newSecretToken();
  const expiresAt = invitationExpiry(now);
  await putInvitation(trx, organizationId, { personId, tokenHash: hash, expiresAt });
  return token;
}

function clashes(input: PersonInput, people: StoredPerson[], totals: SeatTotals): FieldError[] {
  const fields: FieldError[] = [];
  const sameEmail = people.find(({ email }) => email === input.email);
  if (sameEmail !== undefined) {
    const state = sameEmail.active ? '' : ' (deactivated)';
    fields.push({
      field: 'email',
      message: `This is the e-mail address of ${sameEmail.name}${state}.`,
    });
  }
  const sameExtension = people.find(
    ({ active, extension }) => active && extension === input.extension,
  );
  if (input.extension !== null && sameExtension !== undefined) {
    fields.push({
      field: 'extension',
      message: `Extension ${input.extension} belongs to ${sameExtension.name}.`,
    });
  }
  if (input.plan !== null && usedSeats(people)[input.plan] >= totals[input.plan]) {
    fields.push({ field: 'plan', message: noSeatFree(input.plan, totals[input.plan]) });
  }
  return fields;
}

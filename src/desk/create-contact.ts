import { candidateKey } from '../directory/match.ts';
import { contactWithEmail, hasCustomerNamed } from '../directory/find-namesake.ts';
import { pendingId, writeOfPending } from '../directory/pending-contact.ts';
import {
  addPendingContact,
  addPendingNumbers,
  lockForChange,
  pendingNamesake,
} from '../directory/pending-store.ts';
import { matchKey } from '../directory/renumbering.ts';
import { requireFeature } from '../organization/features.ts';
import { requirePermission } from '../organization/permission.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { numberToKeep } from './attach-number.ts';
import { viewCall } from './call-view.ts';
import type { NewContact } from './caller-contract.ts';
import { callerTarget } from './caller-target.ts';
import type { CallerTarget } from './caller-target.ts';
import { checkContact } from './check-contact.ts';
import type { CheckedContact } from './check-contact.ts';
import type { DeskActionDeps } from './choose-match.ts';
import { contactHome } from './contact-home.ts';
import type { ContactHome } from './contact-home.ts';
import type { Pop } from './contract.ts';
import type { RecordRef } from './outbox.ts';
import { orderWrite } from './outbox-store.ts';
import { ownCall } from './own-call.ts';
import { sayCaller, sayOwner } from './say-caller.ts';

/**
 * Makes a contact with the number of a call, and a company for it where the agent asks for one, through the outbox, and says that this
 * is the caller. It counts here at once. Answers the pop. Throws `plan-required`, `permission-required`, `not-found` (call or company), `invalid-input`,
 * `conflict`: no number to keep, no CRM, the contact or the company is there or being made already.
 */
export async function createContact(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  input: NewContact,
): Promise<Pop> {
  requireFeature(viewer, 'contacts');
  requirePermission(viewer, 'create-contacts');
  const { db, clock } = deps;
  const { organizationId, personId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  const { field } = input;
  const before = await view.popFor(extension, part);
  const number = field === null ? null : numberToKeep(before.caller);
  const company = await chosenCompany(db, organizationId, input);
  const home = await contactHome(db, organizationId, company?.place.connectionId ?? null);
  const checked = checkContact(input, home.people);
  const { connectionId } = home;
  const place = { organizationId, connectionId };
  const country = (await organizationById(db, organizationId))?.country ?? '';
  await db.transaction().execute(async (trx) => {
    await lockForChange(trx, `new contact ${organizationId}`);
    await refuseTwins(trx, place, checked, { number, lane: callId });
    const order = { ...place, lane: callId, callId, personId };
    const by = { personId, at: clock.now() };
    const customer: RecordRef | null =
      checked.companyName === null
        ? (company?.ref ?? null)
        : {
            write: await orderWrite(trx, {
              ...{ ...order, subject: `Company ${checked.companyName}` },
              action: { kind: 'create-customer', values: { name: checked.companyName } },
            }),
          };
    const { firstName, lastName, email, title } = checked;
    const writeId = await orderWrite(trx, {
      ...{ ...order, subject: `Contact ${firstName} ${lastName}` },
      action: {
        kind: 'create-contact',
        values: {
          ...{ firstName, lastName },
          ...(email === '' ? {} : { email }),
          ...(title === '' ? {} : { title }),
          ...(field === null || number === null ? {} : { [field]: number }),
          ...(customer !== null && 'id' in customer ? { customerId: customer.id } : {}),
        },
        ...(customer !== null && 'write' in customer ? { customer } : {}),
      },
    });
    const contact = {
      ...{ writeId, lane: callId, firstName, lastName, email, title },
      customerId: customer === null ? null : idOf(customer),
      customerName: checked.companyName ?? company?.candidate.name ?? '',
    };
    await addPendingContact(trx, place, contact, by);
    const id = pendingId(writeId);
    const phone = phoneOf(home, field, number);
    if (phone !== null) {
      const numbers = { phone, writeId, country: '', home: country };
      await addPendingNumbers(trx, place, { kind: 'contact', id }, numbers, by);
    }
    const key = candidateKey('contact', connectionId, id);
    if (phone === null) await sayCaller(trx, deps, viewer, view.call, key);
    else await sayOwner(trx, deps, viewer, view.call, before, key);
  });
  return viewCall(db, view.call).popFor(extension, part);
}

const idOf = (ref: RecordRef): string => ('id' in ref ? ref.id : pendingId(ref.write));

function phoneOf({ people }: ContactHome, name: NewContact['field'], raw: string | null) {
  const column = people.fields.contact.find((one) => one.name === name);
  return column === undefined || raw === null
    ? null
    : { field: column.field, label: column.label, raw };
}

/** The company that was picked from those that are there; null when none was. */
async function chosenCompany(
  db: Database,
  organizationId: string,
  { company }: NewContact,
): Promise<CallerTarget | null> {
  if (company === null || !('key' in company)) return null;
  const target = await callerTarget(db, organizationId, company.key);
  if (target.owner.kind === 'customer' && writeOfPending(target.owner.id) === null) return target;
  throw new RingsideError('invalid-input', `${target.candidate.name} is no company.`, {
    fields: [{ field: 'company', message: 'Pick a company of the search, or make a new one.' }],
  });
}

/** Nothing is made that is there, or on its way, already. */
async function refuseTwins(
  trx: Database,
  place: { organizationId: string; connectionId: string },
  { firstName, lastName, email, companyName }: CheckedContact,
  { number, lane }: { number: string | null; lane: string },
): Promise<void> {
  const name = `${firstName} ${lastName}`;
  const e164 = number === null ? null : matchKey(number);
  const twin = await pendingNamesake(trx, place.organizationId, { name, e164, lane });
  if (twin !== null)
    throw new RingsideError(
      'conflict',
      `${twin.by ?? 'Somebody'} is making ${twin.name} already.`,
      {
        fix: 'Choose them on the pop.',
      },
    );
  const owner = email === '' ? null : await contactWithEmail(trx, place, email);
  if (owner !== null)
    throw refusal(
      'email',
      `${owner} has this e-mail address already.`,
      'Attach the number to them.',
    );
  if (companyName !== null && (await hasCustomerNamed(trx, place, companyName)))
    throw refusal('company', `There is a company ${companyName} already.`, 'Pick it instead.');
}

function refusal(field: string, message: string, fix: string): RingsideError {
  return new RingsideError('conflict', message, { fix, fields: [{ field, message }] });
}

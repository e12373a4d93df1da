import type { CrmPlatform } from '../crm/port.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { callHandlingOf } from './call-handling-store.ts';
import { connectionsOf } from './connection-store.ts';
import type { CrmUserOption, OrganizationView, PersonRow } from './contract.ts';
import { openedInvitations } from './invitation-store.ts';
import { mailsOf } from './mail-store.ts';
import type { MailNote } from './mail-store.ts';
import { mappingsOf } from './mapping-store.ts';
import { seatsByOperator } from './operator-store.ts';
import type { OrderMail } from './order-mail.ts';
import {
  agentsMayNot,
  numbersMaskedFor,
  organizationById,
  organizationVersion,
  seatTotals,
} from './organization-store.ts';
import { peopleOf } from './person-store.ts';
import type { StoredPerson } from './person-store.ts';
import { phoneSystemsOf } from './phone-system-store.ts';
import { plans } from './plan.ts';
import { presentConnection, presentPhoneSystem } from './present.ts';
import { peopleWithSecondFactor, secondFactorFor } from './second-factor-store.ts';
import { teamsOf } from './team-store.ts';
import { usedSeats } from './seats.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

/** Looks up CRM users in the mirror; the room `directory/` provides it. Unknown ones are absent from the answer. */
export type FindCrmUsers = (
  organizationId: string,
  connectionId: string,
  wanted: { ids?: string[]; emails?: string[] },
) => Promise<CrmUserOption[]>;

export interface OrganizationDeps {
  db: Database;
  platforms: readonly CrmPlatform[];
  findCrmUsers: FindCrmUsers;
  peopleChanged?: PeopleChanged;
  /** Null or missing: this hub sends no mail. */
  orderMail?: OrderMail | null;
}

/** Told within the transaction that changed plans, extensions, mappings or who is active: screens follow at once. */
export type PeopleChanged = (db: Database, organizationId: string) => Promise<void>;

/** Everything Manage Organization shows. Throws `forbidden` for anybody but an administrator. */
export async function viewOrganization(
  deps: OrganizationDeps,
  viewer: Viewer,
): Promise<OrganizationView> {
  requireRole(viewer, 'administrator');
  const { db } = deps;
  const id = viewer.organizationId;
  const [
    organization,
    version,
    totals,
    connections,
    phoneSystems,
    people,
    crmUsers,
    handling,
    factor,
    factors,
    links,
    given,
    mayNot,
    maskedFor,
    teams,
  ] = await Promise.all([
    organizationById(db, id),
    organizationVersion(db, id),
    seatTotals(db, id),
    connectionsOf(db, id),
    phoneSystemsOf(db, id),
    peopleOf(db, id),
    crmUsersOf(deps, id),
    callHandlingOf(db, id),
    secondFactorFor(db, id),
    peopleWithSecondFactor(db, id),
    linksOf(db, id),
    seatsByOperator(db, id),
    agentsMayNot(db, id),
    numbersMaskedFor(db, id),
    teamsOf(db, id),
  ]);
  if (organization === null) throw new RingsideError('not-found', 'There is no such organization.');
  const used = usedSeats(people);
  return {
    ...organization,
    version,
    seats: plans.map((plan) => ({ plan, total: totals[plan], used: used[plan] })),
    seatsByOperator: given,
    connections: connections.map((connection) => presentConnection(connection, deps.platforms)),
    phoneSystems: phoneSystems.map(presentPhoneSystem),
    people: people.map((person) => ({
      ...presentPerson(person, factors, links),
      ...crmUsers(person),
    })),
    teams,
    callHandling: handling.settings,
    secondFactorFor: factor,
    mail: deps.orderMail != null,
    agentsMayNot: mayNot,
    numbersMaskedFor: maskedFor,
  };
}

/** One person as Manage Organization shows them. */
export async function viewPerson(
  deps: OrganizationDeps,
  viewer: Viewer,
  personId: string,
): Promise<PersonRow> {
  requireRole(viewer, 'administrator');
  const people = await peopleOf(deps.db, viewer.organizationId);
  const person = people.find(({ id }) => id === personId);
  if (person === undefined) throw new RingsideError('not-found', 'There is no such person.');
  const crmUsers = await crmUsersOf(deps, viewer.organizationId);
  const factors = await peopleWithSecondFactor(deps.db, viewer.organizationId);
  const links = await linksOf(deps.db, viewer.organizationId);
  return { ...presentPerson(person, factors, links), ...crmUsers(person) };
}

function presentPerson(
  { id, name, email, role, plan, extension, active, userId }: StoredPerson,
  withSecondFactor: Set<string>,
  { mails, opened }: Links,
) {
  const secondFactor = withSecondFactor.has(id);
  const mail = mails.get(id);
  return {
    ...{ id, name, email, role, plan, extension, active, invited: userId === null, secondFactor },
    mail: mail === undefined ? null : { ...mail, at: mail.at.toISOString() },
    linkOpenedAt: opened.get(id)?.toISOString() ?? null,
  };
}

interface Links {
  mails: Map<string, MailNote>;
  opened: Map<string, Date>;
}

async function linksOf(db: Database, organizationId: string): Promise<Links> {
  const [mails, opened] = await Promise.all([
    mailsOf(db, organizationId),
    openedInvitations(db, organizationId),
  ]);
  return { mails, opened };
}

type CrmUsersOfPerson = (person: StoredPerson) => Pick<PersonRow, 'crmUsers' | 'suggestions'>;

/** Mapped CRM users and suggestions by e-mail, for every person, with two look-ups per connection. */
async function crmUsersOf(
  deps: OrganizationDeps,
  organizationId: string,
): Promise<CrmUsersOfPerson> {
  const [connections, mappings, people] = await Promise.all([
    connectionsOf(deps.db, organizationId),
    mappingsOf(deps.db, organizationId),
    peopleOf(deps.db, organizationId),
  ]);
  const perConnection = await Promise.all(
    connections.map(async (connection) => {
      const mapped = new Map(
        mappings.flatMap(({ connectionId, personId, crmUserId }) =>
          connectionId === connection.id ? [[personId, crmUserId] as const] : [],
        ),
      );
      const taken = new Set(mapped.values());
      const emails = people
        .filter(({ id, active }) => active && !mapped.has(id))
        .map(({ email }) => email);
      const [byId, byEmail] = await Promise.all([
        taken.size === 0
          ? []
          : deps.findCrmUsers(organizationId, connection.id, { ids: [...taken] }),
        emails.length === 0 ? [] : deps.findCrmUsers(organizationId, connection.id, { emails }),
      ]);
      const users = new Map(byId.map((user) => [user.id, user]));
      const free = byEmail.filter((user) => user.active && !taken.has(user.id));
      const offers = new Map(free.map((user) => [user.email.toLowerCase(), user]));
      return { id: connection.id, mapped, users, offers };
    }),
  );
  return (person) => ({
    crmUsers: Object.fromEntries(
      perConnection.map(({ id, mapped, users }) => [id, mappedUser(mapped.get(person.id), users)]),
    ),
    suggestions: Object.fromEntries(
      perConnection.map(({ id, mapped, offers }) => {
        const offer =
          mapped.has(person.id) || !person.active ? undefined : offers.get(person.email);
        return [
          id,
          offer === undefined ? null : { id: offer.id, name: offer.name, email: offer.email },
        ];
      }),
    ),
  });
}

function mappedUser(
  crmUserId: string | undefined,
  users: Map<string, CrmUserOption>,
): PersonRow['crmUsers'][string] {
  if (crmUserId === undefined) return null;
  const user = users.get(crmUserId);
  // Gone from the CRM, or the mirror is being pulled anew: still mapped, and shown as such.
  if (user === undefined)
    return { id: crmUserId, name: `Unknown user ${crmUserId}`, email: '', active: false };
  return { id: user.id, name: user.name, email: user.email, active: user.active };
}

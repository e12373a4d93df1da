import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { removeSessionsOf } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { connectionsOf } from './connection-store.ts';
import { insertInvitations } from './invitation-store.ts';
import { invitationExpiry } from './invite-person.ts';
import {
  lockOrganization,
  organizationById,
  organizationVersion,
  seatTotals,
  updateOrganization,
} from './organization-store.ts';
import type { Organization } from './organization-store.ts';
import { columnOf } from './people-csv-contract.ts';
import type { EmailMatches, ImportPreview } from './people-csv-contract.ts';
import { peopleCsv, readPeople } from './people-csv.ts';
import type { ReadRow } from './people-csv.ts';
import { insertPeople, peopleOf, renamePeople, updatePeople } from './person-store.ts';
import { planImport } from './plan-import.ts';
import type { ImportPlan } from './plan-import.ts';
import { newSecretToken } from './secret-token.ts';
import { saveTeams, teamsOf } from './team-store.ts';
import { viewOrganization } from './view-organization.ts';
import type { OrganizationDeps } from './view-organization.ts';
import { removeBarredSessions } from './single-sign-on-store.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

/** Everybody as CSV, also who is not active, in the order of their names. */
export async function exportPeople(deps: OrganizationDeps, viewer: Viewer): Promise<string> {
  const { people, connections, teams } = await viewOrganization(deps, viewer);
  return peopleCsv(people, connections, teams);
}

/** What an import of this file would do, row by row. Changes nothing. */
export async function previewImport(
  deps: { db: Database },
  viewer: Viewer,
  csv: string,
): Promise<ImportPreview> {
  requireRole(viewer, 'administrator');
  const { rows, ignored } = readPeople(csv);
  const version = await organizationVersion(deps.db, viewer.organizationId);
  const { plan } = await planNow(deps.db, viewer, rows);
  return { version, rows: plan.rows, newTeams: plan.newTeams, ignored };
}

export interface Imported {
  created: number;
  changed: number;
  unchanged: number;
  /** The tokens of the invitation links are not kept. */
  invitations: { name: string; email: string; token: string }[];
}

/**
 * Creates and changes people as the file says, all or nothing. Throws `conflict` when somebody saved since the preview with
 * `version`, `invalid-input` naming every wrong row as `rows.<row>.<field>`.
 */
export async function importPeople(
  deps: OrganizationDeps & { clock: Clock },
  viewer: Viewer,
  input: { version: number; csv: string; sendMail: boolean },
): Promise<Imported> {
  requireRole(viewer, 'administrator');
  const id = viewer.organizationId;
  const { rows } = readPeople(input.csv);
  return deps.db.transaction().execute(async (trx) => {
    const version = await lockOrganization(trx, id);
    if (version !== input.version) {
      throw new RingsideError('conflict', 'Somebody else saved in the meantime.', {
        fix: 'Look at the preview again, then import.',
      });
    }
    const { plan, organization } = await planNow(trx, viewer, rows);
    refuseWrongRows(plan);
    const { created, changed, deactivated } = plan;
    const unchanged = plan.rows.length - created.length - changed.length;
    const counts = { created: created.length, changed: changed.length, unchanged };
    if (created.length + changed.length === 0) return { ...counts, invitations: [] };
    await insertPeople(trx, id, created);
    await updatePeople(trx, id, changed);
    await renamePeople(trx, id, changed);
    if (plan.teams !== null) await saveTeams(trx, id, plan.teams);
    const links = created
      .filter(({ active }) => active)
      .map((person) => ({ person, ...newSecretToken() }));
    const expiresAt = invitationExpiry(deps.clock.now());
    await insertInvitations(
      trx,
      id,
      links.map(({ person, hash }) => ({ personId: person.id, tokenHash: hash, expiresAt })),
    );
    if (input.sendMail) {
      for (const { person, token } of links)
        await deps.orderMail?.(trx, id, { personId: person.id, kind: 'invitation', token });
    }
    await updateOrganization(trx, id, { ...organization, version: version + 1 });
    await deps.peopleChanged?.(trx, id);
    await removeSessionsOf(
      trx,
      deactivated.flatMap(({ userId }) => userId ?? []),
    );
    await removeBarredSessions(trx, id);
    await recordChange(trx, id, {
      at: deps.clock.now(),
      by: viewer,
      action: 'import people',
      subject: `${created.length} created, ${changed.length} changed`,
      detail: describe(plan),
    });
    const invitations = links.map(({ person: { name, email }, token }) => ({ name, email, token }));
    return { ...counts, invitations };
  });
}

/**
 * The CRM users that have the e-mail address of each active person, whoever they are mapped to: what a preview of mapping by e-mail
 * address tells of. Throws `not-found` for a connection of nobody here.
 */
export async function matchEmails(
  deps: OrganizationDeps,
  viewer: Viewer,
  connectionId: string,
): Promise<EmailMatches> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  const connections = await connectionsOf(deps.db, organizationId);
  if (!connections.some(({ id }) => id === connectionId))
    throw new RingsideError('not-found', 'There is no such connection.');
  const people = (await peopleOf(deps.db, organizationId)).filter(({ active }) => active);
  const emails = people.map(({ email }) => email);
  const found = await deps.findCrmUsers(organizationId, connectionId, { emails });
  const byEmail = Map.groupBy(found, ({ email }) => email.toLowerCase());
  return people.map((person) => ({
    personId: person.id,
    users: (byEmail.get(person.email) ?? []).map(({ id, name, email, active }) => ({
      ...{ id, name, email, active },
    })),
  }));
}

async function planNow(
  db: Database,
  viewer: Viewer,
  rows: ReadRow[],
): Promise<{ plan: ImportPlan; organization: Organization }> {
  const { organizationId } = viewer;
  const organization = await organizationById(db, organizationId);
  if (organization === null) throw new RingsideError('not-found', 'There is no such organization.');
  const people = await peopleOf(db, organizationId);
  const seats = await seatTotals(db, organizationId);
  const options = { viewerId: viewer.personId, newId };
  const teams = await teamsOf(db, organizationId);
  return { plan: planImport({ people, seats, organization, teams }, rows, options), organization };
}

/** So many wrong rows a refusal names, each with all that is wrong. */
const mostNamed = 100;

function refuseWrongRows({ rows }: ImportPlan): void {
  const wrong = rows.filter(({ action }) => action === 'wrong');
  if (wrong.length === 0) return;
  throw new RingsideError('invalid-input', 'Nobody was imported: some rows are wrong.', {
    fix: `Mend the rows that are named${wrong.length > mostNamed ? ` (the first ${mostNamed} of ${wrong.length})` : ''}, and choose the file again.`,
    fields: wrong.slice(0, mostNamed).flatMap(({ row, errors }) =>
      errors.map(({ field, message, fix }) => ({
        field: `rows.${row}.${field}`,
        message: `Row ${row}, ${columnOf(field)}: ${message} ${fix}`.trim(),
      })),
    ),
  });
}

function describe({ rows }: ImportPlan): Record<string, unknown> {
  const of = (action: string) =>
    rows
      .filter((row) => row.action === action)
      .map(({ email, changes }) => ({
        email,
        changes: Object.fromEntries(
          changes.map(({ field, before, after }) => [field, [before, after]]),
        ),
      }));
  return { created: of('create'), changed: of('change') };
}

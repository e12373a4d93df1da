import type { Database } from '../platform/database/database.ts';
import { csvOf } from '../platform/csv.ts';
import { RingsideError } from '../platform/errors.ts';
import type { AuditEntry, AuditQuery } from './audit-contract.ts';
import { changesOf } from './audit-store.ts';
import type { ChangeFilter, StoredChange } from './audit-store.ts';
import { requireOrganizationFeature } from './organization-features.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

const pageSize = 50;
/** An export is made in memory. */
const mostExported = 50_000;

/** A page of who changed what when, the newest first. Throws `forbidden` for anybody but an administrator. */
export async function viewAuditLog(
  db: Database,
  viewer: Viewer,
  query: AuditQuery,
): Promise<{ entries: AuditEntry[]; next: string | null }> {
  requireRole(viewer, 'administrator');
  const filter = { ...filterOf(query), limit: pageSize + 1 };
  const changes = await changesOf(db, viewer.organizationId, filter);
  const shown = changes.slice(0, pageSize);
  const last = changes.length > pageSize ? shown.at(-1) : undefined;
  return {
    entries: shown.map(present),
    next: last === undefined ? null : `${last.at.toISOString()}_${last.id}`,
  };
}

/** The same as CSV, at most 50,000 entries. Throws `plan-required` where no seat of the organization has the export. */
export async function exportAuditLog(
  db: Database,
  viewer: Viewer,
  query: AuditQuery,
): Promise<string> {
  requireRole(viewer, 'administrator');
  await requireOrganizationFeature(db, viewer.organizationId, 'audit-export');
  const filter = { ...filterOf(query), limit: mostExported };
  const changes = await changesOf(db, viewer.organizationId, filter);
  return csvOf(
    ['Time (UTC)', 'Who', 'Action', 'Subject', 'Detail'],
    changes.map(({ at, personName, action, subject, detail }) => [
      ...[at.toISOString(), personName, action, subject],
      Object.keys(detail).length === 0 ? '' : JSON.stringify(detail),
    ]),
  );
}

function filterOf({ q, from, to, after }: AuditQuery): Omit<ChangeFilter, 'limit'> {
  const time = (text: string | undefined) => (text === undefined ? null : new Date(text));
  return { q, from: time(from), to: time(to), before: after === undefined ? null : place(after) };
}

function place(cursor: string): ChangeFilter['before'] {
  const [, at = '', id = ''] =
    /^(.+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [];
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) {
    throw new RingsideError('invalid-input', 'This is not the place of a page.', {
      fields: [{ field: 'after', message: 'Take it from `next` of the page before.' }],
    });
  }
  return { at: time, id };
}

function present({
  id,
  at,
  personId,
  personName,
  action,
  subject,
  detail,
}: StoredChange): AuditEntry {
  return {
    ...{ id, at: at.toISOString(), by: { id: personId, name: personName } },
    ...{ action, subject, detail },
  };
}

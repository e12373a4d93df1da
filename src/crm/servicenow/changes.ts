import type { ChangeOptions, RecordPage, Removal, RemovalPage } from '../port.ts';
import type { RecordKind } from '../record.ts';
import { nextStart, readChangeCursor, writeChangeCursor } from './change-cursor.ts';
import { byChange } from './change-scan.ts';
import type { ChangeScan } from './change-scan.ts';
import type { Client } from './client.ts';
import { oneOf } from './encoded-query.ts';
import { failure } from './failure.ts';
import { hasCode } from './pull.ts';
import { patient } from './retry.ts';
import { text, time } from './row.ts';
import type { Row } from './row.ts';
import { isDenied } from './scan.ts';
import { changeSourcesOf, typeOfTable } from './source.ts';
import { countRows, listRows } from './table-api.ts';
import { csmConsumer, customerAccount, customerCase, customerContact, sysUser } from './tables.ts';

/** Records of a kind that changed; see CrmConnection.changes. */
export async function* pullChanges(
  client: Client,
  kind: RecordKind,
  { since, signal }: ChangeOptions,
): AsyncGenerator<RecordPage, void, void> {
  const sources = changeSourcesOf(kind, new Date());
  const places = readChangeCursor(since, sources.length);
  const begins = [...places];
  for (const [index, source] of sources.entries()) {
    const { table, where, display } = source;
    const begin = places[index] ?? { at: '', after: '' };
    const seen = [begin];
    const scan = changeScan(client, signal, {
      table: table.name,
      where,
      fields: table.fields,
      stamp: 'sys_updated_on',
      pageSize: source.pageSize,
      ...(display ? { display } : {}),
    });
    try {
      for await (const { rows, next } of byChange(scan, begin)) {
        seen.push(next);
        places[index] = next;
        yield {
          records: rows.map(source.read),
          total: null,
          cursor: writeChangeCursor(places),
        };
      }
    } catch (error) {
      if (!source.optional || !hasCode(error, 'csm-inactive', 'no-access')) throw error;
    }
    begins[index] = nextStart(seen);
  }
  yield { records: [], total: null, cursor: writeChangeCursor(begins) };
}

const mirrored = [sysUser, customerAccount, customerContact, csmConsumer, customerCase];

/**
 * What was deleted, from sys_audit_delete, whose readers need a role of their own. Tables that the dictionary excludes
 * from it leave no note there. See CrmConnection.removals.
 */
export async function* pullRemovals(
  client: Client,
  { since, signal }: ChangeOptions,
): AsyncGenerator<RemovalPage, void, void> {
  const [begin = { at: '', after: '' }] = readChangeCursor(since, 1);
  const seen = [begin];
  const scan = changeScan(client, signal, {
    table: 'sys_audit_delete',
    where: [
      oneOf(
        'tablename',
        mirrored.map(({ name }) => name),
      ),
    ],
    fields: ['sys_id', 'tablename', 'documentkey', 'sys_created_on'],
    stamp: 'sys_created_on',
    pageSize: 1000,
  });
  await refuseHidden(scan);
  for await (const { rows, next } of byChange(scan, begin)) {
    seen.push(next);
    yield { removals: rows.flatMap(readRemoval), cursor: writeChangeCursor([next]) };
  }
  yield { removals: [], cursor: writeChangeCursor([nextStart(seen)]) };
}

function readRemoval(row: Row): Removal[] {
  const type = typeOfTable(text(row, 'tablename', 80));
  const id = text(row, 'documentkey', 64);
  return type === null || id === '' ? [] : [{ type, id, at: time(row, 'sys_created_on') }];
}

/** Rows that are counted but never shown would look like 'nothing was deleted'. */
async function refuseHidden(scan: ChangeScan): Promise<void> {
  try {
    const { table, fields } = scan;
    const { rows, total } = await scan.list({ table, where: [], fields, limit: 20 });
    const readable = rows.some((row) => text(row, 'documentkey', 64) !== '');
    if (readable || total === 0 || (total === null && rows.length === 0)) return;
  } catch (error) {
    if (!isDenied(error)) throw error;
  }
  throw failure(
    'no-access',
    'The user may not read which records were deleted (table sys_audit_delete). Ringside then finds deletions when it compares all records.',
    {
      fix: 'To have deletions at once, let a role of the user read sys_audit_delete: System Security > Access Control (ACL) > New, type record, operation read, name sys_audit_delete.',
    },
  );
}

function changeScan(
  client: Client,
  signal: AbortSignal | undefined,
  scan: Omit<ChangeScan, 'list' | 'count'>,
): ChangeScan {
  const call = { policy: patient, signal };
  return {
    ...scan,
    list: (request) => listRows(client, request, call),
    count: async (where, or) => {
      try {
        return await countRows(client, scan.table, where, call, or);
      } catch (error) {
        if (isDenied(error)) return null;
        throw error;
      }
    },
  };
}

import type { CallOptions } from '../port.ts';
import type { Case, CaseOwner, CrmRecord, RecordType } from '../record.ts';
import type { Client } from './client.ts';
import { equals, isSafeValue, oneOf } from './encoded-query.ts';
import { rawValue, reference } from './row.ts';
import type { Row } from './row.ts';
import { readCase } from './record.ts';
import { live } from './retry.ts';
import { matchesAll } from './scan.ts';
import { sourceOfType } from './source.ts';
import { listRows } from './table-api.ts';

/** A sys_id takes 35 characters of a URL with its comma; this keeps it well under what servers and proxies accept. */
const idsPerRequest = 150;

/** Records by id, live; see CrmConnection.read. */
export async function readRecords(
  client: Client,
  type: RecordType,
  ids: readonly string[],
  options: CallOptions = {},
): Promise<CrmRecord[]> {
  const wanted = [...new Set(ids)].filter(
    (id) => id !== '' && isSafeValue(id) && !id.includes(','),
  );
  const source = sourceOfType(type);
  const found = new Map<string, CrmRecord>();
  for (let begin = 0; begin < wanted.length; begin += idsPerRequest) {
    const where = [oneOf('sys_id', wanted.slice(begin, begin + idsPerRequest))];
    const { rows } = await listRows(
      client,
      {
        table: source.table.name,
        where,
        fields: source.table.fields,
        limit: idsPerRequest,
        ...(source.display ? { display: true } : {}),
      },
      live(options),
    );
    for (const row of rows) {
      const id = rawValue(row, 'sys_id');
      if (id !== undefined && matchesAll(row, where)) found.set(id, source.read(row));
    }
  }
  return [...found.values()];
}

const casesAtMost = 200;
const ownerField = { contact: 'contact', consumer: 'consumer', customer: 'account' } as const;

/** Open cases of somebody, live; see CrmConnection.openCases. */
export async function readOpenCases(
  client: Client,
  { type, id }: CaseOwner,
  options: CallOptions = {},
): Promise<Case[]> {
  if (id === '' || !isSafeValue(id)) return [];
  const { table } = sourceOfType('case');
  const field = ownerField[type];
  const { rows } = await listRows(
    client,
    {
      table: table.name,
      where: [equals(field, id), equals('active', 'true')],
      fields: table.fields,
      limit: casesAtMost,
      display: true,
    },
    live(options),
  );
  // Strict: a case whose owner is hidden, or which an ignored search brought, is shown to nobody.
  const owned = (row: Row): boolean => reference(row, field)?.toLowerCase() === id.toLowerCase();
  return rows
    .filter(owned)
    .map(readCase)
    .filter(({ open }) => open)
    .toSorted((a, b) => (b.openedAt?.getTime() ?? 0) - (a.openedAt?.getTime() ?? 0));
}

/** A case by its number, live; see CrmConnection.caseByNumber. */
export async function readCaseByNumber(
  client: Client,
  number: string,
  options: CallOptions = {},
): Promise<Case | null> {
  if (number === '' || !isSafeValue(number)) return null;
  const { table } = sourceOfType('case');
  const { rows } = await listRows(
    client,
    {
      table: table.name,
      where: [equals('number', number)],
      fields: table.fields,
      limit: 2,
      display: true,
    },
    live(options),
  );
  // An ignored search brings any cases, a hidden number none that could be checked.
  const row = rows.find((one) => rawValue(one, 'number')?.toLowerCase() === number.toLowerCase());
  return row === undefined ? null : readCase(row);
}

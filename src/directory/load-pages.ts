import type { RecordType } from '../crm/record.ts';
import { copyCell, copyRows, CopyText } from '../platform/database/copy-rows.ts';
import type { Database } from '../platform/database/database.ts';
import { mirrorTables } from './mirror-row.ts';
import { numberRows } from './number-row.ts';
import type { Place } from './record-store.ts';
import { inSlices } from './write-page.ts';
import type { PreparedPage } from './write-page.ts';

/** A page of records that are new to the mirror, as text for COPY. */
export interface PageLoad {
  /** The organization's country, with which the numbers were read. */
  home: string;
  tables: { type: RecordType; count: number; records: CopyText; numbers: CopyText }[];
}

/**
 * Makes text for COPY of a page's records and their numbers: all that can be done while the database
 * is busy with the page before. `home` is the organization's country.
 */
export async function prepareLoad(
  page: PreparedPage,
  place: Place,
  home: string,
): Promise<PageLoad> {
  const tables: PageLoad['tables'] = [];
  const own = `${place.organizationId}\t${place.connectionId}`;
  for (const [type, rows] of page.types) {
    const begin = isContactType(type) ? `${own}\t${type}` : own;
    const load = { type, count: rows.size, records: new CopyText(), numbers: new CopyText() };
    await inSlices([...rows.values()], (row) => {
      const id = copyCell(row.id);
      load.records.add(`${begin}\t${id}\t${row.fingerprint}\t${row.line}\n`);
      for (const number of numberRows(row, home)) {
        const { ordinal, part, field, label, raw, country, e164, extension } = number;
        const texts = [field, label, raw, country, e164, extension].map(copyCell).join('\t');
        load.numbers.add(`${own}\t${type}\t${id}\t${ordinal}\t${part}\t${texts}\n`);
      }
    });
    tables.push(load);
  }
  return { home, tables };
}

/**
 * Loads pages into a mirror that had nothing of their kind, and answers how many records that were.
 * Throws the database's unique violation (isKnown) when one of them is there all the same: written
 * live, or sent twice by the CRM. Then nothing of them may be kept.
 */
export async function loadPages(db: Database, loads: PageLoad[]): Promise<number> {
  const all = Map.groupBy(
    loads.flatMap(({ tables }) => tables),
    ({ type }) => type,
  );
  let count = 0;
  for (const [type, some] of all) {
    const { table, columns } = mirrorTables[type];
    const kind = isContactType(type) ? ['kind'] : [];
    const names = columns.map(({ name }) => name);
    const key = ['organization_id', 'connection_id', ...kind, 'id', 'fingerprint'];
    const numbers = some.map((one) => one.numbers.bytes).filter(({ length }) => length > 0);
    const records = some.map((one) => one.records.bytes);
    await copyRows(db, table, [...key, ...names], records);
    if (numbers.length > 0) await copyRows(db, 'phone_number', numberColumns, numbers);
    for (const one of some) count += one.count;
  }
  return count;
}

const numberColumns = [
  ...['organization_id', 'connection_id', 'owner_kind', 'owner_id', 'ordinal', 'part'],
  ...['field', 'label', 'raw', 'country', 'e164', 'extension'],
];

const isContactType = (type: RecordType) => type === 'contact' || type === 'consumer';

/** Whether a record that was to be loaded was in the mirror already. */
export function isKnown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

import type { RecordType } from '../crm/record.ts';
import { copyCell, copyRows, CopyText } from '../platform/database/copy-rows.ts';
import type { Database } from '../platform/database/database.ts';
import type { RecordPage } from '../crm/port.ts';
import { mirrorRow, mirrorTables } from './mirror-row.ts';
import type { Cell } from './mirror-row.ts';
import { numberRows } from './number-row.ts';
import type { NumberRow } from './number-row.ts';
import type { Place, StoredRow } from './record-store.ts';
import { inSlices, writeRows } from './write-page.ts';
import type { PageProgress } from './write-page.ts';

/** A page of records that are new to the mirror, as text for COPY: nothing else of them is kept, since many pages wait at once. */
export interface PageLoad extends PageProgress {
  tables: TypeLoad[];
}

interface TypeLoad {
  type: RecordType;
  records: CopyText;
  numbers: CopyText;
}

/** So many bytes of text most records and their numbers have at most. */
const usualBytes = { record: 400, numbers: 260 };

/**
 * Makes text for COPY of a page's records and their numbers: all that can be done while the database
 * is busy with the page before. Of a record that comes twice on the page the later counts. `home` is the
 * organization's country.
 */
export async function prepareLoad(
  { records, total, cursor }: RecordPage,
  home: string,
): Promise<PageLoad> {
  const last = new Map(records.map((record, index) => [`${record.type} ${record.id}`, index]));
  const tables = new Map<RecordType, TypeLoad>();
  await inSlices([...last.values()], (index) => {
    const record = records[index]!;
    const row = mirrorRow(record);
    if (row === null) return;
    const { type } = record;
    let load = tables.get(type);
    if (load === undefined) tables.set(type, (load = typeLoad(type, last.size)));
    const id = copyCell(row.id);
    load.records.add(`${id}\t${row.fingerprint}\t${row.line}\n`);
    for (const number of numberRows(row, home)) {
      const { ordinal, part, field, label, raw, country, e164, extension } = number;
      const texts = [field, label, raw, country, e164, extension].map(copyCell).join('\t');
      load.numbers.add(`${id}\t${ordinal}\t${part}\t${texts}\n`);
    }
  });
  return { count: records.length, total, cursor, tables: [...tables.values()] };
}

function typeLoad(type: RecordType, count: number): TypeLoad {
  const numbers = type === 'case' ? 0 : count * usualBytes.numbers;
  return {
    type,
    records: new CopyText(count * usualBytes.record),
    numbers: new CopyText(numbers),
  };
}

/**
 * Loads pages into a mirror that had nothing of their kind, and answers how many records that were.
 * Throws the database's unique violation (isKnown) when one of them is there all the same: written
 * live, or sent twice by the CRM. Then nothing of them may be kept.
 */
export async function loadPages(db: Database, place: Place, loads: PageLoad[]): Promise<number> {
  const all = Map.groupBy(
    loads.flatMap(({ tables }) => tables),
    ({ type }) => type,
  );
  let count = 0;
  for (const [type, some] of all) {
    const { table, columns } = mirrorTables[type];
    const names = ['id', 'fingerprint', ...columns.map(({ name }) => name)];
    const own = { organization_id: place.organizationId, connection_id: place.connectionId };
    const kind: Record<string, string> = isContactType(type) ? { kind: type } : {};
    const numbers = some.map((one) => one.numbers.bytes).filter(({ length }) => length > 0);
    const records = some.map((one) => one.records.bytes);
    count += await copyRows(db, table, names, records, { ...own, ...kind });
    if (numbers.length > 0)
      await copyRows(db, 'phone_number', numberColumns, numbers, { ...own, owner_kind: type });
  }
  return count;
}

/** Writes a page that could not be loaded: what is new or different, and answers how many records that were. */
export async function writeLoad(db: Database, place: Place, load: PageLoad): Promise<number> {
  let written = 0;
  for (const { type, records, numbers } of load.tables) {
    const rows = new Map<string, StoredRow>();
    for (const cells of records.rows()) {
      const [id, fingerprint, ...rest] = cells as [string, string, ...Cell[]];
      rows.set(id, { id, fingerprint, cells: rest });
    }
    const read = new Map<string, NumberRow>();
    for (const [ownerId, ordinal, part, ...texts] of numbers.rows()) {
      const [field, label, raw, country, e164, extension] = texts as [
        ...[field: string, label: string, raw: string, country: string],
        ...[e164: string | null, extension: string],
      ];
      read.set(`${ordinal} ${part} ${ownerId}`, {
        ...{ ownerId: ownerId ?? '', ordinal: Number(ordinal), part: Number(part) },
        ...{ field, label, raw, country, e164, extension },
      });
    }
    const byOwner = Map.groupBy(read.values(), ({ ownerId }) => ownerId);
    written += await writeRows(db, place, type, [...rows.values()], async (different) =>
      different.flatMap(({ id }) => byOwner.get(id) ?? []),
    );
  }
  return written;
}

const numberColumns = [
  ...['owner_id', 'ordinal', 'part'],
  ...['field', 'label', 'raw', 'country', 'e164', 'extension'],
];

const isContactType = (type: RecordType) => type === 'contact' || type === 'consumer';

/** Whether a record that was to be loaded was in the mirror already. */
export function isKnown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

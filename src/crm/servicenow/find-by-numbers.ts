import type { CallOptions } from '../port.ts';
import type { CrmRecord, RecordType } from '../record.ts';
import type { Client } from './client.ts';
import { anyOf, isSafeValue, oneOf } from './encoded-query.ts';
import { failure } from './failure.ts';
import { hasCode } from './pull.ts';
import { live } from './retry.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import { sourceOfType } from './source.ts';
import { listRows } from './table-api.ts';

/** In the order in which a caller is likely to be found. */
const types = ['contact', 'consumer', 'customer', 'user'] as const;
const rowsAtMost = 100;
/** Of the variants in one request, percent-encoded and for one field; a person has three. */
const charactersAtMost = 2200;

/**
 * Who has a number that is written in one of these ways, live; see CrmConnection.findByNumbers. Equality and lists pass
 * the query ACLs that stop LIKE and ENDSWITH. Whatever the instance sends, only rows that hold a variant are believed.
 */
export async function findByNumbers(
  client: Client,
  variants: readonly string[],
  options: CallOptions = {},
): Promise<CrmRecord[]> {
  const usable = [...new Set(variants.map((variant) => variant.trim()))].filter(
    (variant) => variant !== '' && isSafeValue(variant) && !variant.includes(','),
  );
  const found = await Promise.all(types.map((type) => findInTable(client, type, usable, options)));
  // An instance that answers with whatever it likes has answered nothing; a hit is a hit all the same.
  const records = found.flatMap((one) => one.records);
  if (records.length === 0 && found.some((one) => one.ignored)) throw ignoredSearch();
  return records;
}

async function findInTable(
  client: Client,
  type: RecordType,
  variants: string[],
  options: CallOptions,
): Promise<{ records: CrmRecord[]; ignored: boolean }> {
  const { table, read } = sourceOfType(type);
  const wanted = new Set(variants);
  const records = new Map<string, CrmRecord>();
  let ignored = false;
  for (const part of portions(variants)) {
    const where = [anyOf(...table.phones.map(({ field }) => oneOf(field, part)))];
    const request = { table: table.name, where, fields: table.fields, limit: rowsAtMost };
    try {
      const { rows } = await listRows(client, request, live(options));
      for (const row of rows) {
        if (isPersonElsewhere(type, row)) continue;
        if (holdsOne(row, table.phones, wanted))
          records.set(rawValue(row, 'sys_id') ?? '', read(row));
        else ignored = true;
      }
    } catch (error) {
      if (!hasCode(error, 'csm-inactive', 'no-access')) throw error;
    }
  }
  return { records: [...records.values()], ignored };
}

/** sys_user also holds contacts and consumers, which come from their own tables. */
function isPersonElsewhere(type: RecordType, row: Row): boolean {
  const own = rawValue(row, 'sys_class_name');
  return type === 'user' && own !== undefined && own !== 'sys_user';
}

function holdsOne(row: Row, phones: { field: string }[], wanted: Set<string>): boolean {
  return phones.some(({ field }) => wanted.has((rawValue(row, field) ?? '').trim()));
}

/** Lists that keep a URL short. */
function* portions(variants: string[]): Generator<string[], void, void> {
  let part: string[] = [];
  let length = 0;
  for (const variant of variants) {
    const more = encodeURIComponent(variant).length + 3;
    if (part.length > 0 && length + more > charactersAtMost) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(variant);
    length += more;
  }
  if (part.length > 0) yield part;
}

function ignoredSearch() {
  return failure(
    'unsafe-query',
    'The instance ignores a search for telephone numbers: it sent records with other numbers, and none with the one asked for.',
    {
      fix: 'Ask your ServiceNow administrator which query ACLs (System Security > Access Control (ACL), operation query_match) cover the phone fields of contacts, consumers, customers and users for this user.',
    },
  );
}

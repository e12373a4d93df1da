import { checkAccess, isInstalled } from '../faults/access.ts';
import { findsNothing, queryContext } from '../faults/query-policy.ts';
import { isTrue, parameter, type SignedInRequest } from '../http/instance-request.ts';
import { invalidTable, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { findRows } from '../query/find-rows.ts';
import { fieldPath, type FieldPath } from '../query/field-path.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import { displayValue } from '../tables/display.ts';
import { tableQuery } from './table-query.ts';

/** Numbers come as texts, like everything else. */
interface Stats {
  count?: string;
  [aggregate: string]: Record<string, string> | string | undefined;
}

interface Group {
  stats: Stats;
  groupby_fields: { field: string; value: string; display_value?: string }[];
}

const aggregates = ['avg', 'min', 'max', 'sum'] as const;
type Aggregate = (typeof aggregates)[number];

/** `GET /api/now/stats/{table}`, §2.1. */
export function statsApi(instance: Instance, request: SignedInRequest, tableName: string): Reply {
  const table = instance.database.tables.get(tableName);
  if (!table || !isInstalled(instance, table)) return invalidTable(tableName);
  checkAccess(instance, table, request.user);
  const found = findRows(
    table,
    tableQuery(instance, request, table),
    queryContext(instance, request.user),
  );
  const nothing = findsNothing(instance, found.problems);
  const groupBy = paths(instance, request, table, 'sysparm_group_by');
  const measured = aggregates.map((aggregate) => ({
    aggregate,
    fields: paths(instance, request, table, `sysparm_${aggregate}_fields`),
  }));
  const counts = isTrue(request, 'sysparm_count');
  const onlyCount = groupBy.length === 0 && measured.every(({ fields }) => fields.length === 0);
  if (onlyCount)
    return resultReply(200, {
      stats: counts ? { count: String(nothing ? 0 : found.total()) } : {},
    });
  const rows = nothing ? [] : found.page(0, Number.MAX_SAFE_INTEGER);
  if (groupBy.length === 0) return resultReply(200, { stats: statsOf(rows, measured, counts) });

  const groups = new Map<string, RowRef[]>();
  for (const row of rows) {
    const key = JSON.stringify(groupBy.map((path) => path.get(row.store, row.row)));
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  const shown = parameter(request, 'sysparm_display_value');
  const result = [...groups].map(([key, members]): Group => {
    const values = JSON.parse(key) as string[];
    return {
      stats: statsOf(members, measured, counts),
      groupby_fields: groupBy.map((path, at) => {
        const value = values[at]!;
        const display = displayValue(instance.database, path.field, value);
        if (shown === 'all') return { field: path.path, value, display_value: display };
        return { field: path.path, value: shown === 'true' ? display : value };
      }),
    };
  });
  return resultReply(
    200,
    sortGroups(
      result.filter(having(parameter(request, 'sysparm_having'))),
      parameter(request, 'sysparm_order_by'),
    ),
  );
}

function paths(
  instance: Instance,
  request: SignedInRequest,
  table: Table,
  name: string,
): FieldPath[] {
  return parameter(request, name)
    .split(',')
    .filter(Boolean)
    .map((each) => fieldPath(instance.database, table, each.trim()))
    .filter((path) => path !== null);
}

function statsOf(
  rows: readonly RowRef[],
  measured: { aggregate: Aggregate; fields: FieldPath[] }[],
  counts: boolean,
): Stats {
  const stats: Stats = counts ? { count: String(rows.length) } : {};
  for (const { aggregate, fields } of measured) {
    if (fields.length === 0) continue;
    stats[aggregate] = Object.fromEntries(
      fields.map((path) => [
        path.path,
        measure(
          aggregate,
          rows.map(({ store, row }) => path.get(store, row)),
        ),
      ]),
    );
  }
  return stats;
}

function measure(aggregate: Aggregate, all: readonly string[]): string {
  const values = all.filter((value) => value !== '');
  if (values.length === 0) return '';
  if (aggregate === 'min' || aggregate === 'max') {
    const numeric = values.every((value) => /^-?\d+(\.\d+)?$/.test(value));
    const before = (a: string, b: string): boolean => (numeric ? Number(a) < Number(b) : a < b);
    return values.reduce((best, value) =>
      before(value, best) === (aggregate === 'min') ? value : best,
    );
  }
  const sum = values.reduce((total, value) => total + (Number(value) || 0), 0);
  return String(aggregate === 'sum' ? sum : sum / values.length);
}

/** `count^priority^>^3`: aggregate, field, operator, value. */
function having(text: string): (group: Group) => boolean {
  if (text === '') return () => true;
  const [aggregate = '', field = '', operator = '=', value = '0'] = text.split('^');
  return ({ stats }) => {
    const entry = stats[aggregate.toLowerCase()];
    const number = Number(typeof entry === 'object' ? entry[field] : (entry ?? stats.count));
    const wanted = Number(value);
    return (
      {
        '=': number === wanted,
        '!=': number !== wanted,
        '>': number > wanted,
        '>=': number >= wanted,
        '<': number < wanted,
        '<=': number <= wanted,
      }[operator] ?? true
    );
  };
}

/** `state`, `state^DESC`, `COUNT^DESC` or `AVG^priority`. */
function sortGroups(groups: Group[], text: string): Group[] {
  const [by = '', second = '', third = ''] = (text || 'group').split('^');
  const descending = /^desc$/i.test(second) || /^desc$/i.test(third);
  const key = ({ stats, groupby_fields }: Group): string => {
    const entry = stats[by.toLowerCase()];
    if (entry !== undefined) return typeof entry === 'string' ? entry : (entry[second] ?? '');
    return (groupby_fields.find(({ field }) => field === by) ?? groupby_fields[0])?.value ?? '';
  };
  const compare = (a: string, b: string): number =>
    a !== '' && b !== '' && !Number.isNaN(Number(a) - Number(b))
      ? Number(a) - Number(b)
      : a < b
        ? -1
        : a > b
          ? 1
          : 0;
  return groups.toSorted((a, b) => compare(key(a), key(b)) * (descending ? -1 : 1));
}

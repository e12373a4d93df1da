import type { Table } from '../schema/table.ts';
import type { Database } from '../tables/database.ts';
import { displayValue } from '../tables/display.ts';
import type { RowSource } from '../tables/row-store.ts';
import { compareWith } from './compare.ts';
import { fieldPath } from './field-path.ts';
import type { Filter, Operator, Query, Term } from './parse-query.ts';
import type { ScriptContext } from './script-value.ts';

export type Predicate = (source: RowSource, row: number) => boolean;

export interface QueryContext extends ScriptContext {
  database: Database;
  /** Whether the instance has a table. */
  installed(table: Table): boolean;
  /** Whether these fields may be used with an operator (null for sorting): null, or what happens to the condition. */
  refuse(
    steps: readonly { table: string; field: string }[],
    operator: Operator | null,
  ): Refusal | null;
}

/** `refused`: the whole query gets 403. `dropped`: the condition is left out. */
export type Refusal = 'refused' | 'dropped';

/** A condition that cannot be used. */
export interface Problem {
  field: string;
  reason: Refusal | 'unknown';
}

export interface CompiledQuery {
  /** What can be used of the query; the rest is dropped, as the instance does. */
  usable: Query;
  matches: Predicate;
  problems: Problem[];
  /** The outcome depends on the time or on records of other tables. */
  volatile: boolean;
}

const always: Predicate = () => true;

export function compileQuery(table: Table, query: Query, context: QueryContext): CompiledQuery {
  const problems: Problem[] = [];
  const state = { volatile: false };
  const filters: Filter[] = [];
  const tests: Predicate[] = [];

  for (const filter of query.filters) {
    const usable: Filter = [];
    const all: Predicate[] = [];
    for (const alternatives of filter) {
      const kept: Term[] = [];
      const any: Predicate[] = [];
      for (const term of alternatives) {
        const test = compileTerm(table, term, context, problems, state);
        if (!test) continue;
        kept.push(term);
        any.push(test);
      }
      if (any.length === 0) continue;
      usable.push(kept);
      all.push(any.length === 1 ? any[0]! : (source, row) => any.some((test) => test(source, row)));
    }
    filters.push(usable);
    tests.push(
      all.length === 0
        ? always
        : all.length === 1
          ? all[0]!
          : (source, row) => all.every((test) => test(source, row)),
    );
  }

  const order = query.order.filter(({ field }) => {
    const path = fieldPath(context.database, table, field);
    const refusal = path ? context.refuse(path.steps, null) : 'unknown';
    if (refusal) problems.push({ field, reason: refusal });
    return refusal === null;
  });
  const matches =
    tests.length === 1
      ? tests[0]!
      : (source: RowSource, row: number) => tests.some((test) => test(source, row));
  return { usable: { filters, order }, matches, problems, volatile: state.volatile };
}

function compileTerm(
  table: Table,
  term: Term,
  context: QueryContext,
  problems: Problem[],
  state: { volatile: boolean },
): Predicate | null {
  switch (term.kind) {
    case 'compare':
      return compileComparison(table, term, context, problems, state);
    case 'text': {
      const words = term.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fields = [...table.fields.values()]
        .filter((field) => field.type === 'string')
        .map((field) => field.name);
      return (source, row) => {
        const text = fields
          .map((field) => source.value(row, field))
          .join(' ')
          .toLowerCase();
        return words.every((word) => text.includes(word));
      };
    }
    case 'unreadable':
      problems.push({ field: term.text, reason: 'unknown' });
      return null;
    default:
      return compileOther(table, term, context, problems, state);
  }
}

function compileComparison(
  table: Table,
  term: Extract<Term, { kind: 'compare' }>,
  context: QueryContext,
  problems: Problem[],
  state: { volatile: boolean },
): Predicate | null {
  const { database } = context;
  const path = fieldPath(database, table, term.field);
  const refusal = path ? context.refuse(path.steps, term.operator) : 'unknown';
  if (!path || refusal) {
    problems.push({ field: term.field, reason: refusal ?? 'unknown' });
    return null;
  }
  if (path.dotWalked || term.value.includes('javascript:') || term.operator.startsWith('RELATIVE'))
    state.volatile = true;
  const fieldOperators: Partial<Record<Operator, (a: string, b: string) => boolean>> = {
    SAMEAS: (a, b) => a === b,
    NSAMEAS: (a, b) => a !== b,
    GT_FIELD: (a, b) => a > b,
    LT_FIELD: (a, b) => a < b,
    GT_OR_EQUALS_FIELD: (a, b) => a >= b,
    LT_OR_EQUALS_FIELD: (a, b) => a <= b,
  };
  const holds = fieldOperators[term.operator];
  if (holds) {
    const other = fieldPath(database, table, term.value);
    if (!other) {
      problems.push({ field: term.value, reason: 'unknown' });
      return null;
    }
    return (source, row) => holds(path.get(source, row), other.get(source, row));
  }
  if (term.operator === 'MORETHAN' || term.operator === 'LESSTHAN')
    return compileDistance(table, path.get, term, context);
  if (term.operator === 'INSTANCEOF') {
    return (source, row) =>
      database.tables.get(path.get(source, row))?.lineage.includes(term.value) ?? false;
  }
  const compare = compareWith(path.field, term.operator, term.value, context);
  if (!compare) {
    problems.push({ field: term.field, reason: 'unknown' });
    return null;
  }
  if (path.field.type === 'reference' && /LIKE|WITH|[*%]/.test(term.operator))
    state.volatile = true;
  return (source, row) => {
    const value = path.get(source, row);
    return compare(value, () => displayValue(database, path.field, value));
  };
}

/** `opened_atMORETHANclosed_at@day@after@3`: more than three days after. */
function compileDistance(
  table: Table,
  get: (source: RowSource, row: number) => string,
  term: Extract<Term, { kind: 'compare' }>,
  context: QueryContext,
): Predicate | null {
  const [name = '', unit = 'day', direction = 'after', count = '0'] = term.value.split('@');
  const other = fieldPath(context.database, table, name);
  if (!other) return null;
  const length =
    { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[unit] ?? 86_400_000;
  return (source, row) => {
    const distance =
      (Date.parse(get(source, row)) - Date.parse(other.get(source, row))) *
      (direction === 'before' ? -1 : 1);
    if (Number.isNaN(distance)) return false;
    return term.operator === 'MORETHAN'
      ? distance > length * Number(count)
      : distance >= 0 && distance < length * Number(count);
  };
}

function compileOther(
  table: Table,
  term: Extract<Term, { kind: 'related' | 'join' }>,
  context: QueryContext,
  problems: Problem[],
  state: { volatile: boolean },
): Predicate | null {
  const { database } = context;
  const other = database.tables.get(term.table);
  const otherField = term.kind === 'related' ? term.field : term.otherField;
  if (!other?.fields.has(otherField) || (term.kind === 'join' && !table.fields.has(term.field))) {
    problems.push({ field: term.table, reason: 'unknown' });
    return null;
  }
  state.volatile = true;
  const inner = compileQuery(other, term.query, context);
  const counts = new Map<string, number>();
  for (const store of database.stores(other.name)) {
    const total = store.generated.count;
    const count = (row: number): void => {
      if (!inner.matches(store, row)) return;
      const key = store.value(row, otherField);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    };
    for (let row = 0; row < total; row++) if (!store.touched.has(row)) count(row);
    for (const row of store.edited()) count(row);
  }
  if (term.kind === 'join') return (source, row) => counts.has(source.value(row, term.field));
  const holds = {
    '>=': (n: number) => n >= term.count,
    '<=': (n: number) => n <= term.count,
    '>': (n: number) => n > term.count,
    '<': (n: number) => n < term.count,
    '=': (n: number) => n === term.count,
  };
  const test = holds[term.operator as keyof typeof holds];
  return (source, row) => test(counts.get(source.value(row, 'sys_id')) ?? 0);
}

import type { Filter, Query, Term } from './parse-query.ts';

/** A range of the field that the rows are sorted by; ends are included unless `open`. */
export interface Bounds {
  from: { value: string; open: boolean } | null;
  to: { value: string; open: boolean } | null;
  /** What remains to be tested of the query within the range; null when nothing does. */
  rest: Query | null;
}

type Compare = Extract<Term, { kind: 'compare' }>;

/**
 * Takes the conditions on `field` out of a query, so that a sorted list can be cut instead of tested row by row: what keyset paging asks
 * (`sys_id>…^ORDERBYsys_id`, and the compound form of §5.2 with `^NQ`).
 */
export function boundsOn(field: string, query: Query): Bounds {
  const [only] = query.filters;
  if (query.filters.length === 1 && only) {
    const range = only
      .filter((alternatives) => isRange(alternatives, field))
      .map((alternatives) => alternatives[0] as Compare);
    const rest = only.filter((alternatives) => !isRange(alternatives, field));
    return { ...limits(range), rest: rest.length === 0 ? null : { filters: [rest], order: [] } };
  }
  // several filters: the lowest lower limit holds for all of them; each row is still tested
  const lows = query.filters.map((filter) => limits(rangeOf(filter, field)).from);
  const lowest = lows.some((low) => low === null)
    ? null
    : lows.reduce((a, b) => (a!.value <= b!.value ? a : b))!;
  return { from: lowest ? { value: lowest.value, open: false } : null, to: null, rest: query };
}

function rangeOf(filter: Filter, field: string): Compare[] {
  return filter
    .filter((alternatives) => isRange(alternatives, field))
    .map((alternatives) => alternatives[0] as Compare);
}

function isRange(alternatives: Term[], field: string): boolean {
  const [term] = alternatives;
  if (alternatives.length !== 1 || term?.kind !== 'compare' || term.field !== field) return false;
  return (
    ['<', '<=', '>', '>=', '='].includes(term.operator) &&
    term.value !== '' &&
    !term.value.startsWith('javascript:') &&
    !(term.operator === '=' && term.value.length === 10)
  );
}

function limits(terms: Compare[]): Pick<Bounds, 'from' | 'to'> {
  let from: Bounds['from'] = null;
  let to: Bounds['to'] = null;
  for (const { operator, value: raw } of terms) {
    const value = raw.toLowerCase();
    const open = operator === '>' || operator === '<';
    if (
      operator !== '<' &&
      operator !== '<=' &&
      (!from || value > from.value || (value === from.value && open))
    )
      from = { value, open };
    if (
      operator !== '>' &&
      operator !== '>=' &&
      (!to || value < to.value || (value === to.value && open))
    )
      to = { value, open };
  }
  return { from, to };
}

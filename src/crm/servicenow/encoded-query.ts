/**
 * ServiceNow's encoded queries (grammar: product documentation, 'Encoded query strings'). A query is built from
 * conditions, never concatenated from text, and the same conditions check the rows that come back: an instance may
 * silently drop a part of a query that it does not know or that the user may not use, and then answers with everything.
 */
export type Condition =
  | { operator: '=' | '!=' | '>' | '>='; field: string; value: string }
  | { operator: 'IN'; field: string; values: string[] }
  | { operator: 'any'; of: Condition[] };

export const equals = (field: string, value: string): Condition => ({
  operator: '=',
  field,
  value,
});
export const differs = (field: string, value: string): Condition => ({
  operator: '!=',
  field,
  value,
});
export const above = (field: string, value: string): Condition => ({ operator: '>', field, value });
export const atLeast = (field: string, value: string): Condition => ({
  operator: '>=',
  field,
  value,
});
export const oneOf = (field: string, values: string[]): Condition => ({
  operator: 'IN',
  field,
  values,
});
/** At least one of the conditions. Parts may not be `any` themselves: the grammar has no brackets. */
export const anyOf = (...of: Condition[]): Condition => ({ operator: 'any', of });

/** A value or field name that cannot stand in an encoded query. Its text is not repeated: it came from outside. */
export class UnsafeQueryValue extends Error {
  constructor(what: string) {
    super(`An encoded query cannot hold this ${what}.`);
    this.name = 'UnsafeQueryValue';
  }
}

/**
 * The query as text, not yet percent-encoded; conditions are joined by AND. `alternatives` are
 * whole filters beside the first, of which a row has to pass one (`^NQ`); an order holds for all of them together.
 * Throws UnsafeQueryValue for a value that would mean something else than itself.
 */
export function encodeQuery(
  conditions: Condition[],
  orderBy: string[] = [],
  descending = false,
  alternatives: readonly Condition[][] = [],
): string {
  const order = descending ? 'ORDERBYDESC' : 'ORDERBY';
  const filters = [conditions, ...alternatives].map((filter) => filter.map(encode).join('^'));
  const orders = orderBy.map((field) => order + fieldName(field));
  return [filters.join('^NQ'), ...orders].filter((part) => part !== '').join('^');
}

/** Whether a value can stand in a query: `^` has no escape, and `javascript:` is run by the instance. */
export function isSafeValue(value: string): boolean {
  return !/[\^\r\n\0]/.test(value) && !/^\s*javascript:/i.test(value) && value.isWellFormed();
}

function encode(condition: Condition): string {
  switch (condition.operator) {
    case 'any':
      if (condition.of.length === 0 || condition.of.some((part) => part.operator === 'any')) {
        throw new UnsafeQueryValue('choice of conditions');
      }
      return condition.of.map(encode).join('^OR');
    case 'IN':
      if (condition.values.length === 0 || condition.values.some((value) => value.includes(','))) {
        throw new UnsafeQueryValue('list of values');
      }
      return `${fieldName(condition.field)}IN${condition.values.map(safeValue).join(',')}`;
    default:
      return `${fieldName(condition.field)}${condition.operator}${safeValue(condition.value)}`;
  }
}

/** Column names, dot-walked ones included. Capitals are left out: `fooORDERBY` would read as an operator. */
function fieldName(field: string): string {
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/.test(field))
    throw new UnsafeQueryValue('field name');
  return field;
}

function safeValue(value: string): string {
  if (value === '' || !isSafeValue(value)) throw new UnsafeQueryValue('value');
  return value;
}

/**
 * Whether a row is what was asked for. `read` gives a field's raw value, or undefined where the instance left the field
 * out; then nothing can be disproved and the row counts as matching.
 */
export function matches(
  condition: Condition,
  read: (field: string) => string | undefined,
): boolean {
  if (condition.operator === 'any') return condition.of.some((part) => matches(part, read));
  const found = read(condition.field)?.toLowerCase();
  if (found === undefined) return true;
  if (condition.operator === 'IN')
    return condition.values.some((value) => value.toLowerCase() === found);
  const wanted = condition.value.toLowerCase();
  switch (condition.operator) {
    case '=':
      return found === wanted;
    case '!=':
      return found !== wanted;
    case '>':
      return found > wanted;
    default:
      return found >= wanted;
  }
}

/**
 * What is left of the conditions for a user whose range searches are denied: query ACLs of the kind `query_range` cover
 * everything but equality and lists (product documentation, 'Query ACL rules').
 */
export function withoutRanges(conditions: Condition[]): Condition[] {
  const simple = (condition: Condition): boolean =>
    condition.operator === 'any'
      ? condition.of.every(simple)
      : condition.operator !== '>' && condition.operator !== '>=';
  return conditions.filter(simple);
}

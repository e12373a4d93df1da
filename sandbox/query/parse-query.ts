/**
 * Encoded queries: `active=true^ORpriority=1^NQstateIN1,10^ORDERBYDESCsys_updated_on`. servicenow.md §1.3.
 * `a^b^ORc` means a AND (b OR c); `^NQ` begins another filter, and a record has to pass one of them.
 */
export const operators = [
  'GT_OR_EQUALS_FIELD',
  'LT_OR_EQUALS_FIELD',
  'IN_HIERARCHY',
  'CHANGESFROM',
  'EMPTYSTRING',
  'ISNOTEMPTY',
  'RELATIVEGE',
  'RELATIVEGT',
  'RELATIVELE',
  'RELATIVELT',
  'RELATIVEEE',
  'STARTSWITH',
  'VALCHANGES',
  'INSTANCEOF',
  'CHANGESTO',
  'NOT LIKE',
  'GT_FIELD',
  'LT_FIELD',
  'DATEPART',
  'ENDSWITH',
  'LESSTHAN',
  'MORETHAN',
  'ANYTHING',
  'NSAMEAS',
  'NOT IN',
  'BETWEEN',
  'DYNAMIC',
  'ISEMPTY',
  'SAMEAS',
  'NOTON',
  'LIKE',
  'ON',
  'IN',
  '!=',
  '!*',
  '<=',
  '>=',
  '=',
  '<',
  '>',
  '*',
  '%',
] as const;
export type Operator = (typeof operators)[number];

export type Term =
  | { kind: 'compare'; field: string; operator: Operator; value: string }
  /** Records of another table that refer to this one, counted. */
  | { kind: 'related'; table: string; field: string; operator: string; count: number; query: Query }
  /** A record of another table with the same value. */
  | { kind: 'join'; field: string; table: string; otherField: string; query: Query }
  /** Words anywhere in the record. */
  | { kind: 'text'; value: string }
  /** Not understood; treated as a condition on a field that does not exist. */
  | { kind: 'unreadable'; text: string };

export interface Order {
  field: string;
  descending: boolean;
}

/** One filter: every inner list has to have a term that holds. */
export type Filter = Term[][];

export interface Query {
  filters: Filter[];
  order: Order[];
}

const comparison = new RegExp(
  `^([A-Za-z0-9_.]*?[a-z0-9_])(${operators.map((each) => each.replace(/[*]/g, '\\*')).join('|')})([\\s\\S]*)$`,
);

export function parseQuery(text: string): Query {
  const tokens = text.split('^');
  const filters: Filter[] = [[]];
  const order: Order[] = [];

  for (let at = 0; at < tokens.length; at++) {
    let token = tokens[at]!;
    if (token === '' || token === 'EQ') continue;
    if (token.startsWith('ORDERBYDESC')) order.push({ field: token.slice(11), descending: true });
    else if (token.startsWith('ORDERBY')) order.push({ field: token.slice(7), descending: false });
    else if (token.startsWith('GROUPBY'))
      order.unshift({ field: token.slice(7), descending: false });
    else if (token.startsWith('RLQUERY')) {
      const end = tokens.indexOf('ENDRLQUERY', at);
      const inner = tokens.slice(at + 1, end < 0 ? tokens.length : end).join('^');
      filters.at(-1)!.push([parseRelated(token, inner)]);
      at = end < 0 ? tokens.length : end;
    } else {
      if (token.startsWith('NQ')) {
        filters.push([]);
        token = token.slice(2);
      }
      const filter = filters.at(-1)!;
      if (token.startsWith('OR') && filter.length > 0)
        filter.at(-1)!.push(parseTerm(token.slice(2)));
      else if (token !== '') filter.push([parseTerm(token)]);
    }
  }
  return { filters, order };
}

export function parseTerm(token: string): Term {
  if (token.startsWith('123TEXTQUERY321=')) return { kind: 'text', value: token.slice(16) };
  if (token.startsWith('JOIN')) {
    const join = /^JOIN[a-z0-9_]+\.([a-z0-9_]+)=([a-z0-9_]+)\.([a-z0-9_]+)(?:!([\s\S]*))?$/.exec(
      token,
    );
    if (join)
      return {
        kind: 'join',
        field: join[1]!,
        table: join[2]!,
        otherField: join[3]!,
        query: parseQuery(join[4] ?? ''),
      };
  }
  const match = comparison.exec(token);
  if (!match) return { kind: 'unreadable', text: token };
  return { kind: 'compare', field: match[1]!, operator: match[2] as Operator, value: match[3]! };
}

/** `RLQUERYsn_customerservice_case.contact,>=1` and the conditions up to `^ENDRLQUERY`. */
function parseRelated(token: string, inner: string): Term {
  const match = /^RLQUERY([a-z0-9_]+)\.([a-z0-9_]+),(>=|<=|>|<|=)(\d+)/.exec(token);
  if (!match) return { kind: 'unreadable', text: token };
  return {
    kind: 'related',
    table: match[1]!,
    field: match[2]!,
    operator: match[3]!,
    count: Number(match[4]),
    query: parseQuery(inner),
  };
}

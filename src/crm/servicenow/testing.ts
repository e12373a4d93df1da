import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A small imitation of an instance for this folder's tests: it serves tables from memory and lets a test answer any
 * request itself. (The full stand-in is `sandbox/`; this one exists to send what is wrong, byte by byte.)
 */
export interface Imitation {
  url: string;
  requests: Asked[];
  close(): Promise<void>;
}

export interface Asked {
  table: string;
  query: string;
  parameters: URLSearchParams;
  authorization: string | undefined;
  cookie: string | undefined;
}

export type Cells = Record<string, unknown>;

export interface ImitationOptions {
  tables?: Record<string, Cells[]>;
  username?: string;
  password?: string;
  /** Answers a request itself by returning true, before the sign-in is looked at. */
  intercept?(asked: Asked, response: ServerResponse, request: IncomingMessage): boolean | void;
  /** Rows that the access rules hide, after limit and offset. */
  hides?(table: string, row: Cells): boolean;
  /** Query terms that are silently left out. */
  ignores?(term: string): boolean;
  /** X-Total-Count instead of the true one; null leaves it out. */
  total?(table: string, real: number): number | string | null;
}

export async function imitate(options: ImitationOptions = {}): Promise<Imitation> {
  const requests: Asked[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://imitation');
    const asked: Asked = {
      table: url.pathname.split('/').at(-1) ?? '',
      query: url.searchParams.get('sysparm_query') ?? '',
      parameters: url.searchParams,
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
    };
    requests.push(asked);
    response.setHeader('set-cookie', [
      'JSESSIONID=0123456789ABCDEF0123456789ABCDEF; Path=/; HttpOnly;Secure',
      'glide_user=; Max-Age=0',
    ]);
    if (options.intercept?.(asked, response, request)) return;
    const expected = Buffer.from(
      `${options.username ?? 'ringside'}:${options.password ?? 'S3cret!pw'}`,
    ).toString('base64');
    if (asked.authorization !== `Basic ${expected}`) return refuse(response);
    answer(options, url.pathname, asked, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}

export function sendHtml(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'text/html;charset=UTF-8', ...headers });
  response.end(body);
  return true;
}

export function refuse(response: ServerResponse, headers: Record<string, string> = {}): void {
  const body = envelope('User Not Authenticated', 'Required to provide Auth information');
  sendJson(response, 401, body, { 'www-authenticate': 'BASIC realm="Service-now"', ...headers });
}

export function envelope(message: string, detail: string | null = null) {
  return { error: { message, detail }, status: 'failure' };
}

function answer(
  options: ImitationOptions,
  path: string,
  asked: Asked,
  response: ServerResponse,
): void {
  const rows = options.tables?.[asked.table];
  if (rows === undefined)
    return void sendJson(response, 400, envelope(`Invalid table ${asked.table}`));
  const terms = asked.query.split('^').filter((term) => term !== '' && !options.ignores?.(term));
  const found = search(rows, terms);
  if (path.includes('/stats/')) {
    return void sendJson(response, 200, { result: { stats: { count: String(found.length) } } });
  }
  const offset = Number(asked.parameters.get('sysparm_offset') ?? 0);
  const limit = Number(asked.parameters.get('sysparm_limit') ?? 10_000);
  const fields = asked.parameters.get('sysparm_fields')?.split(',');
  const all = asked.parameters.get('sysparm_display_value') === 'all';
  const page = found
    .slice(offset, offset + limit)
    .filter((row) => !options.hides?.(asked.table, row));
  const total = options.total ? options.total(asked.table, found.length) : found.length;
  sendJson(
    response,
    200,
    { result: page.map((row) => show(row, fields, all)) },
    total === null ? {} : { 'x-total-count': String(total) },
  );
}

function show(row: Cells, fields: string[] | undefined, all: boolean): Cells {
  const entries = Object.entries(row).filter(([name]) => !fields || fields.includes(name));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      all ? { display_value: `shown ${String(value)}`, value } : value,
    ]),
  );
}

/** Just enough of the encoded query grammar, with the default of a real instance: an unknown field is left out. */
function search(rows: Cells[], terms: string[]): Cells[] {
  const known = new Set(rows.flatMap((row) => Object.keys(row)));
  const groups: ((row: Cells) => boolean)[][] = [];
  let order: string | null = null;
  let falling = false;
  for (const term of terms) {
    if (term.startsWith('ORDERBY')) {
      falling = term.startsWith('ORDERBYDESC');
      order = term.slice(falling ? 11 : 7);
      continue;
    }
    const [, or, field = '', operator = '', value = ''] =
      /^(OR)?([a-z_]+)(>=|!=|=|>|IN)(.*)$/.exec(term) ?? [];
    if (!known.has(field)) continue;
    const test = (row: Cells): boolean =>
      compare((row[field] as string | undefined) ?? '', operator, value);
    if (or && groups.length > 0) groups.at(-1)?.push(test);
    else groups.push([test]);
  }
  const found = rows.filter((row) => groups.every((group) => group.some((test) => test(row))));
  const by = order;
  if (by === null) return found;
  const rising = found.toSorted((a, b) => (String(a[by]) < String(b[by]) ? -1 : 1));
  return falling ? rising.toReversed() : rising;
}

function compare(found: string, operator: string, value: string): boolean {
  if (operator === 'IN') return value.split(',').includes(found);
  if (operator === '=') return found === value;
  if (operator === '!=') return found !== value;
  return operator === '>' ? found > value : found >= value;
}

/** A sys_id made from a number, rising with it. */
export const sysId = (n: number): string => n.toString(16).padStart(32, '0');

/** A company that gives a clean check, with `contacts` contacts. */
export function company(contacts = 3): Record<string, Cells[]> {
  const updated = { sys_updated_on: '2026-05-04 03:02:01' };
  const person = (n: number) => ({
    sys_id: sysId(n),
    ...updated,
    name: `Person ${n}`,
    first_name: 'Person',
    last_name: String(n),
    email: `p${n}@example.com`,
    title: '',
    country: 'DE',
    city: 'Berlin',
    active: 'true',
    phone: `+49 30 ${1000 + n}`,
    mobile_phone: '',
    home_phone: '',
  });
  return {
    sys_user: [
      { ...person(1), sys_class_name: 'sys_user', user_name: 'ringside', time_zone: 'GMT' },
      { ...person(2), sys_class_name: 'sys_user', user_name: 'ada' },
      { ...person(100), sys_class_name: 'customer_contact', user_name: '' },
    ],
    customer_account: [
      {
        sys_id: sysId(50),
        ...updated,
        name: 'Acme',
        number: 'ACCT0000001',
        city: 'Berlin',
        country: 'DE',
        phone: '+49 30 999',
      },
    ],
    customer_contact: Array.from({ length: contacts }, (_, n) => ({
      ...person(100 + n),
      account: sysId(50),
    })),
    sn_customerservice_case: [
      {
        sys_id: sysId(70),
        ...updated,
        number: 'CS0000001',
        short_description: 'Printer on fire',
        state: '10',
        priority: '1',
        active: 'true',
        closed_at: '',
        opened_at: '2026-05-01 00:00:00',
        account: sysId(50),
        contact: sysId(100),
        consumer: '',
        assigned_to: sysId(2),
      },
    ],
  };
}

import type { Socket } from 'node:net';
import type pg from 'pg';
import { fencedRole, scopeSetting } from './fence.ts';
import { preparedName } from './prepared.ts';
import { currentScope } from './scope.ts';

/**
 * What a connection's setting reads outside of every scope. Read as an id it fails, and PostgreSQL's message says so: rather
 * an error at the first try than rows that silently stay away.
 */
const nowhere = 'no organization in scope: see src/platform/database/scope.ts';

// A user whom no fence holds takes on the role; `fence.ts` has made it.
const enter = `
  select set_config('${scopeSetting}', $1, false), (
    select set_config('role', '${fencedRole}', false) from pg_roles
    where rolname = session_user and (rolsuper or rolbypassrls))`;
const transactionFailed = '25P02';
const move = `
  select set_config('${scopeSetting}', $1, false), set_config('plan_cache_mode', $2, false),
    set_config('enable_seqscan', case $2 when 'auto' then 'on' else 'off' end, false)`;

/**
 * How PostgreSQL plans: a prepared query once per connection for whatever values it gets, every other one anew for its own. Left to
 * itself ('auto') it plans a prepared query five times before it keeps a plan, which costs more than a hundred runs of it. That one plan may be
 * made while a table is empty and serve when it holds millions of rows, so it never is one that reads the whole table while there is an index.
 */
type PlanMode = 'force_generic_plan' | 'auto';

interface Setting {
  scope: string;
  plans: PlanMode;
}

/**
 * Makes a fresh connection of a pool follow the scope of whoever uses it, and plan what it is asked as that wants to be planned:
 * before a query the settings are sent when they differ from what the connection has, and only then. Outside of every scope
 * `outside` counts; not given: nothing can be read.
 */
export async function fenceConnection(client: pg.ClientBase, outside = nowhere): Promise<void> {
  await client.query(enter, [outside]);
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let known: Setting | null = { scope: outside, plans: 'auto' };
  /** It was sent inside a transaction, which takes it back when it is rolled back. */
  let uncertain = false;

  function follow(text: unknown, values: unknown): void {
    if (endsTransaction(text)) {
      if (uncertain) known = null;
      uncertain = false;
      return;
    }
    const status = client.getTransactionStatus();
    const scope = currentScope() ?? outside;
    // What begins a transaction mostly is followed by what is prepared: sent inside of it, this would have to be sent after it again.
    const plans = plansFor(text, values) ?? known?.plans ?? 'force_generic_plan';
    // In a transaction that failed nothing can be read any more, nor can this be sent.
    if ((scope === known?.scope && plans === known.plans) || status === 'E') return;
    known = { scope, plans };
    uncertain = status === 'T';
    // Queries of a connection go in their order: the caller's own comes after this one.
    query(
      { name: 'scope', text: move, values: [scope, plans] },
      (error: { code?: string } | null) => {
        if (error === null) return;
        known = null;
        // The transaction had failed already, which the connection did not know yet; the query that waits fails likewise.
        if (error.code !== transactionFailed) cut(client);
      },
    );
  }

  client.query = ((...args: unknown[]) => {
    follow(args[0], args[1]);
    return query(...args);
  }) as pg.ClientBase['query'];
}

/** Null where it is all the same: a query without values has but one plan. */
function plansFor(text: unknown, values: unknown): PlanMode | null {
  if (preparedName(text) !== undefined) return 'force_generic_plan';
  return Array.isArray(values) && values.length > 0 ? 'auto' : null;
}

/** Or goes back to a savepoint. */
function endsTransaction(text: unknown): boolean {
  return typeof text === 'string' && /^\s*(commit|rollback|end|abort)\b/i.test(text);
}

/** At once, so that the query that waits behind runs in no other scope than its own. */
function cut(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}

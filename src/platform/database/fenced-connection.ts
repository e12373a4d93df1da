import type { Socket } from 'node:net';
import type pg from 'pg';
import { fencedRole, scopeSetting } from './fence.ts';
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
const move = `select set_config('${scopeSetting}', $1, false)`;

/**
 * Makes a fresh connection of a pool follow the scope of whoever uses it: before a query the setting is sent when it differs
 * from what the connection has, and only then. Outside of every scope `outside` counts; not given: nothing can be read.
 */
export async function fenceConnection(client: pg.ClientBase, outside = nowhere): Promise<void> {
  await client.query(enter, [outside]);
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let known: string | null = outside;
  /** It was sent inside a transaction, which takes it back when it is rolled back. */
  let uncertain = false;

  function follow(text: unknown): void {
    if (endsTransaction(text)) {
      if (uncertain) known = null;
      uncertain = false;
      return;
    }
    const status = client.getTransactionStatus();
    const wanted = currentScope() ?? outside;
    // In a transaction that failed nothing can be read any more, nor can this be sent.
    if (wanted === known || status === 'E') return;
    known = wanted;
    uncertain = status === 'T';
    // Queries of a connection go in their order: the caller's own comes after this one.
    query({ name: 'scope', text: move, values: [wanted] }, (error: { code?: string } | null) => {
      if (error === null) return;
      known = null;
      // The transaction had failed already, which the connection did not know yet; the query that waits fails likewise.
      if (error.code !== transactionFailed) cut(client);
    });
  }

  client.query = ((...args: unknown[]) => {
    follow(args[0]);
    return query(...args);
  }) as pg.ClientBase['query'];
}

/** Or goes back to a savepoint. */
function endsTransaction(text: unknown): boolean {
  return typeof text === 'string' && /^\s*(commit|rollback|end|abort)\b/i.test(text);
}

/** At once, so that the query that waits behind runs in no other scope than its own. */
function cut(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}

import { CrmError } from '../crm-error.ts';
import { fail, failed, pass, skip, warn } from './check-outcome.ts';
import type { Outcome } from './check-outcome.ts';
import type { Client } from './client.ts';
import { above, equals } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { rawValue } from './row.ts';
import { listRows } from './table-api.ts';
import type { CallOptions } from './table-api.ts';
import type { Table } from './tables.ts';

const noSuchId = '0'.repeat(32);
/** Above every sys_id, which are 32 hexadecimal digits. */
const lastId = 'f'.repeat(32);

/**
 * Whether the instance obeys searches. By default it silently leaves out a condition that it does not know or that the
 * user may not use, and answers with every row (property glide.invalid_query.returns_no_rows, and query ACLs).
 */
export async function checkQuerySafety(
  client: Client,
  table: Table | null,
  call: CallOptions,
): Promise<Outcome> {
  if (table === null) return skip('Not tried: no table has a row that the user may see.');
  try {
    if ((await probe(client, table, [equals('sys_id', noSuchId)], [], call)) === 'ignored') {
      return fail(
        'unsafe-query',
        'The instance ignores searches altogether: asked for a record that does not exist, it sent another one.',
        'Ask your ServiceNow administrator which query ACLs (System Security > Access Control (ACL), operations query_match and query_range) and which before-query business rules apply to this user.',
      );
    }
    const range = await probe(client, table, [above('sys_id', lastId)], ['sys_id'], call);
    if (range !== 'obeyed') {
      return warn(
        'unsafe-query',
        `The instance ${range === 'denied' ? 'refuses' : 'ignores'} searches by range and sorting for this user. Ringside then reads page by page by position, checks every row, and may need another pull to catch what changed meanwhile.`,
        "In ServiceNow System Security > Access Control (ACL) let the user's role pass the rules with operation query_range on this table.",
      );
    }
    return describeUnknownField(
      await probe(client, table, [equals('u_ringside_no_such_field', '1')], [], call),
    );
  } catch (error) {
    return failed(error);
  }
}

function describeUnknownField(answer: ProbeResult): Outcome {
  if (answer === 'obeyed')
    return pass('A search with an unknown field finds nothing: the instance does not guess.');
  if (answer === 'denied')
    return pass('A search with an unknown field is refused: the instance does not guess.');
  return warn(
    'unsafe-query',
    'The instance leaves out what it does not understand in a search and then sends every record. This is how ServiceNow comes. Ringside checks every row itself, so nothing wrong is shown.',
    'Nothing has to be done. To make the instance strict, set the property glide.invalid_query.returns_no_rows to true (sys_properties.list); it then holds for everything that searches there, so decide it with whoever looks after the instance.',
  );
}

/** More than one: access rules may hide the first rows. */
const probeSize = 20;

type ProbeResult = 'obeyed' | 'ignored' | 'denied';

/** Asks for what no row can be. */
async function probe(
  client: Client,
  table: Table,
  where: Condition[],
  orderBy: string[],
  call: CallOptions,
): Promise<ProbeResult> {
  try {
    const { rows } = await listRows(
      client,
      { table: table.name, where, orderBy, fields: ['sys_id'], limit: probeSize },
      call,
    );
    return rows.some((row) => (rawValue(row, 'sys_id') ?? '') <= lastId) ? 'ignored' : 'obeyed';
  } catch (error) {
    if (error instanceof CrmError && error.code === 'no-access') return 'denied';
    throw error;
  }
}

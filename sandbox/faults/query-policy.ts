import { errorReply, Refused } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import type { Problem, QueryContext, Refusal } from '../query/compile-query.ts';
import type { Operator } from '../query/parse-query.ts';
import { hiddenField, isInstalled, lineageOf } from './access.ts';

/** What the query_match access rules cover; every other operator, and sorting, is a matter of query_range (§1.6). */
const matching: ReadonlySet<Operator> = new Set([
  '=',
  '!=',
  'IN',
  'NOT IN',
  'SAMEAS',
  'NSAMEAS',
  'ANYTHING',
  'ISEMPTY',
  'ISNOTEMPTY',
  'EMPTYSTRING',
]);

/** How a user's queries are read: the fields they may not use are the instance's business. */
export function queryContext(instance: Instance, user: { sysId: string }): QueryContext {
  return {
    database: instance.database,
    installed: (table) => isInstalled(instance, table),
    now: instance.now(),
    userId: user.sysId,
    refuse(steps, operator) {
      for (const { table, field } of steps) {
        const refusal =
          hiddenField(instance, table, field) ?? rangeDenied(instance, table, field, operator);
        if (refusal) return refusal;
      }
      return null;
    },
  };
}

function rangeDenied(
  instance: Instance,
  table: string,
  field: string,
  operator: Operator | null,
): Refusal | null {
  if (operator !== null && matching.has(operator)) return null;
  const lineage = lineageOf(instance, table);
  for (const argument of instance.faults.arguments('query-range')) {
    const [target = '', policy] = argument.split('/');
    if (lineage.some((each) => target === `${each}.${field}` || target === each))
      return policy === 'ignore' ? 'dropped' : 'refused';
  }
  return null;
}

/** Whether a query with these problems finds anything; throws the 403 where the instance refuses it. */
export function findsNothing(instance: Instance, problems: readonly Problem[]): boolean {
  if (problems.length === 0) return false;
  const policy = instance.faults.arguments('unknown-field')[0] ?? 'ignore';
  if (
    problems.some(
      ({ reason }) => reason === 'refused' || (reason === 'unknown' && policy === 'refuse'),
    )
  ) {
    throw new Refused(
      errorReply(
        403,
        'Insufficient rights to query records',
        'Field(s) present in the query do not have permission to be read',
      ),
    );
  }
  return policy === 'no-rows' && problems.some(({ reason }) => reason === 'unknown');
}

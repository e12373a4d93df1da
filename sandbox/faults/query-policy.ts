import { errorReply, Refused } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import type { Problem, QueryContext } from '../query/compile-query.ts';
import { mayRead } from './access.ts';

/** What the instance makes of conditions on fields that do not exist or may not be read (§1.6). */
export function queryContext(instance: Instance, user: { sysId: string }): QueryContext {
  return {
    database: instance.database,
    now: instance.now(),
    userId: user.sysId,
    refuse(steps) {
      return steps.every(({ table, field }) => mayRead(instance, table, field))
        ? null
        : 'unreadable';
    },
  };
}

/** Whether a query with these problems finds anything; throws the 403 where the instance refuses it. */
export function findsNothing(instance: Instance, problems: readonly Problem[]): boolean {
  if (problems.length === 0) return false;
  const policy = instance.faults.arguments('unknown-field')[0] ?? 'ignore';
  const denied = problems.some(
    ({ reason }) => reason === 'unreadable' || (reason === 'unknown' && policy === 'refuse'),
  );
  if (denied) {
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

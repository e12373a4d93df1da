import { isDeepStrictEqual } from 'node:util';
import { callById } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import { callHandlingOf } from '../organization/call-handling-store.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { logsCalls } from '../organization/open-connection.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import { isLogged, lastExtension } from './call-log.ts';
import { partyOf, readCallLog } from './call-log-facts.ts';
import {
  callLogOf,
  callsToLookAt,
  lastLogWrite,
  renewLogFacts,
  takeCallToLookAt,
} from './call-log-store.ts';
import { callLogWork } from './call-log-work.ts';
import { orderWrite } from './outbox-store.ts';

export interface LogCallsDeps {
  db: Database;
}

/**
 * Has every call that ended, or changed after its end, written down as the organization wants it. Each call in a transaction of its
 * own: looked at and ordered, or neither. On any node, as often as one likes. Answers how many calls it looked at.
 */
export async function logCalls(deps: LogCallsDeps): Promise<number> {
  const calls = await acrossOrganizations(() => callsToLookAt(deps.db));
  for (const { organizationId, callId } of calls) {
    await inOrganization(organizationId, () =>
      deps.db.transaction().execute(async (trx) => {
        if (await takeCallToLookAt(trx, organizationId, callId))
          await lookAtCall(trx, organizationId, callId);
      }),
    );
  }
  return calls.length;
}

async function lookAtCall(trx: Database, organizationId: string, callId: string): Promise<void> {
  const call = await callById(trx, organizationId, callId);
  if (call === null || call.endedAt === null || call.mergedInto !== null) return;
  const pending = await lastLogWrite(trx, organizationId, callId);
  const earlier = await callLogOf(trx, organizationId, callId);
  // Nobody wants it there.
  if (pending?.state === 'dropped') return;
  if (earlier === null && pending === null) {
    const { settings } = await callHandlingOf(trx, organizationId);
    if (!isLogged(call, settings.logging)) return;
  }
  const connectionId =
    earlier?.connectionId ?? pending?.connection_id ?? (await connectionFor(trx, call));
  if (connectionId === null) return;
  const open = pending !== null && pending.state !== 'delivered';
  const planned = open && pending.action.kind === 'log-call' ? pending.action.facts : undefined;
  // What is ordered and was never tried will be written as the call stands then.
  if (open && planned === undefined) return;
  const facts = await readCallLog(trx, call, connectionId);
  if (isDeepStrictEqual(facts, open ? planned : earlier?.facts)) return;
  if (open && pending.state === 'attention')
    return renewLogFacts(trx, organizationId, pending.id, facts);
  // Should the CRM refuse it, whoever had the call sees to it, or an administrator.
  const extension = lastExtension(call);
  const agent = extension === null ? null : await personByExtension(trx, organizationId, extension);
  await orderWrite(trx, {
    ...{ organizationId, connectionId, callId, lane: callId, personId: agent?.id ?? null },
    subject: facts.shortDescription,
    action: { kind: 'log-call', callId },
  });
}

/** Where a call is written down: with the caller, else with the case that it was about, else in the primary CRM. */
async function connectionFor(trx: Database, call: StoredCall): Promise<string | null> {
  const connections = await connectionsOf(trx, call.organizationId);
  const party = await partyOf(trx, call);
  const work = await callLogWork(trx, call.organizationId, call.id);
  const id = party?.connectionId ?? work.case?.connectionId;
  const connection =
    connections.find((one) => one.id === id) ?? connections.find(({ primary }) => primary);
  return connection !== undefined && logsCalls(connection) ? connection.id : null;
}

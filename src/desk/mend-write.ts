import { isMasked, unmaskText } from '../directory/mask-numbers.ts';
import { recordChange } from '../organization/audit-store.ts';
import { includesRole } from '../organization/plan.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { notify } from '../platform/notifier.ts';
import { outboxChannel } from './channel.ts';
import { tellDesks } from './deliver-write.ts';
import { countDependents, giveUpWrite, letGoAgain, writeById } from './mend-store.ts';
import type { NamedWrite } from './mend-store.ts';
import type { ListedWrite, WriteDetail } from './mend-contract.ts';
import type { OnSettled, SettledWrite, WriteAction } from './outbox.ts';
import { presentWriteFields } from './present-write-fields.ts';
import { fieldsOf, withFields } from './write-fields.ts';

export interface MendDeps {
  db: Database;
  clock: Clock;
  onSettled: readonly OnSettled[];
}

export function presentWrite(row: NamedWrite): ListedWrite {
  return {
    ...{ id: row.id, subject: row.subject, kind: row.kind, record: null },
    state: row.state === 'dropped' ? 'attention' : row.state,
    ...{ reason: row.reason, fix: row.fix, at: row.ordered_at.toISOString() },
    ...{ connectionId: row.connection_id, callId: row.call_id },
    ...{ person: row.person, attempts: row.attempts },
  };
}

/** What a write says. Throws `not-found` for what is not the viewer's own, unless they are an administrator. */
export async function viewWrite(db: Database, viewer: Viewer, id: string): Promise<WriteDetail> {
  const row = own(viewer, await writeById(db, viewer.organizationId, id));
  const waitingFor = await countDependents(db, viewer.organizationId, row);
  const place = { organizationId: viewer.organizationId, connectionId: row.connection_id };
  const fields = await presentWriteFields(db, place, row.action);
  return { ...presentWrite(row), fields, waitingFor };
}

/**
 * Tries a write again that needs attention, with other values where some are given. Throws `not-found`, `invalid-input`, `conflict` when
 * it needs none any more.
 */
export async function retryWrite(
  { db, clock }: MendDeps,
  viewer: Viewer,
  id: string,
  changes: Record<string, string>,
): Promise<void> {
  const { organizationId } = viewer;
  await db.transaction().execute(async (trx) => {
    const row = needing(own(viewer, await writeById(trx, organizationId, id, true)));
    const meant = viewer.numbersMasked ? unmasked(row.action, changes) : changes;
    await letGoAgain(trx, organizationId, id, withFields(row.action, meant));
    await audit(trx, viewer, row, clock, 'send write again', Object.keys(changes));
    await notify(trx, outboxChannel, { organizationId, connectionId: row.connection_id });
  });
}

/** Changes by somebody who may not see telephone numbers: with those behind the masks. Throws `invalid-input` where a mask was changed. */
function unmasked(action: WriteAction, changes: Record<string, string>): Record<string, string> {
  const before = new Map(fieldsOf(action).map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      const meant = unmaskText(value, before.get(name) ?? '');
      if (!isMasked(meant)) return [name, meant];
      throw new RingsideError('invalid-input', 'A hidden telephone number was changed.', {
        fix: 'Leave it as it is shown, or type a whole number in its place.',
        fields: [{ field: `fields.${name}`, message: 'has a part of a hidden number' }],
      });
    }),
  );
}

/** Gives a write up. What needs its record is put up for attention when its turn comes. Throws like `retryWrite`. */
export async function dropWrite(deps: MendDeps, viewer: Viewer, id: string): Promise<void> {
  const { organizationId } = viewer;
  await deps.db.transaction().execute(async (trx) => {
    const row = needing(own(viewer, await writeById(trx, organizationId, id, true)));
    await giveUpWrite(trx, organizationId, id);
    const write: SettledWrite = {
      ...{ organizationId, connectionId: row.connection_id, id, lane: row.lane },
      ...{ callId: row.call_id, personId: row.person_id, subject: row.subject },
      ...{ action: row.action, outcome: 'dropped' as const, record: null },
    };
    for (const tell of deps.onSettled) await tell(trx, write);
    await audit(trx, viewer, row, deps.clock, 'drop write', []);
    await notify(trx, outboxChannel, { organizationId, connectionId: row.connection_id });
  });
}

function own(viewer: Viewer, row: NamedWrite | null): NamedWrite {
  const all = includesRole(viewer.role, 'administrator');
  if (row !== null && (all || row.person_id === viewer.personId)) return row;
  throw new RingsideError('not-found', 'There is no such write.');
}

function needing(row: NamedWrite): NamedWrite {
  if (row.state === 'attention') return row;
  throw new RingsideError('conflict', 'This write needs no attention any more.', {
    fix: 'Somebody may have seen to it meanwhile: load the list again.',
  });
}

async function audit(
  trx: Database,
  viewer: Viewer,
  row: NamedWrite,
  clock: Clock,
  action: string,
  fields: string[],
): Promise<void> {
  await recordChange(trx, viewer.organizationId, {
    at: clock.now(),
    by: { personId: viewer.personId, name: viewer.name },
    ...{ action, subject: row.subject, detail: { write: row.id, fields } },
  });
  await tellDesks(trx, { organizationId: viewer.organizationId, callId: row.call_id });
}

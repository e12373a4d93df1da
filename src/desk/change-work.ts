import { createHash } from 'node:crypto';
import type { Viewer } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { lookAtCallAgain } from './call-log-store.ts';
import { viewCall } from './call-view.ts';
import { noteRequest } from './case-tag-store.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import type { OwnCall } from './own-call.ts';

/** The browser's id of what it asks for; with `content` where a repeat must be the same to the letter. */
export interface WorkRequest {
  id: string;
  content?: object;
}

/**
 * Changes what was done with a call, in one transaction that also tells everybody who shows it; answers the pop as the viewer sees it now.
 * A `request` that came before changes nothing; throws `conflict` when its content was another one then.
 */
export async function changeWork(
  { db, notifier }: DeskActionDeps,
  viewer: Viewer,
  { view, extension, part }: OwnCall,
  request: WorkRequest | null,
  change: (trx: Database) => Promise<void>,
): Promise<Pop> {
  const { organizationId } = viewer;
  const callId = view.call.id;
  await db.transaction().execute(async (trx) => {
    if (request !== null && !(await isFirst(trx, organizationId, callId, request))) return;
    await change(trx);
    await lookAtCallAgain(trx, organizationId, callId);
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  });
  return viewCall(db, view.call).popFor(extension, part);
}

async function isFirst(
  trx: Database,
  organizationId: string,
  callId: string,
  { id, content }: WorkRequest,
): Promise<boolean> {
  const hash =
    content === undefined ? null : createHash('sha256').update(JSON.stringify(content)).digest();
  const known = await noteRequest(trx, organizationId, callId, { id, content: hash });
  if (known !== 'changed') return known === 'new';
  throw new RingsideError(
    'conflict',
    'Your first try had arrived, though its answer was lost: what you sent then is ordered.',
    { fix: 'Look at the case of this call first. Send again only if this is wanted beside it.' },
  );
}

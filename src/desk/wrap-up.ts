import type { Call } from '../calls/call.ts';
import { rang } from '../calls/call.ts';
import { isInHouse } from '../calls/party.ts';
import { unlocks } from '../organization/features.ts';
import { plans } from '../organization/plan.ts';
import type { Plan } from '../organization/plan.ts';
import { partOf } from './part.ts';
import type { Part } from './part.ts';

/** Where somebody is with the work after a call: it has none, it is still ahead, or it began when their part ended. */
export type WrapUpStage = 'none' | 'ahead' | 'open';

/** Plans that have the organization's wrap-up codes and time limit. */
export const wrapUpPlans: readonly Plan[] = plans.filter((plan) => unlocks(plan, 'wrap-up-codes'));

/** Calls with somebody outside that this extension talked in. */
export function wrapUpStage(call: Call, extension: string, part: Part | null): WrapUpStage {
  if (part?.kind !== 'shown' || isInHouse(call)) return 'none';
  if (part.state !== 'ended') return 'ahead';
  return part.answeredAt !== null && talked(call, extension) ? 'open' : 'none';
}

/**
 * Where a phone system does not say which phone answered, everybody whose phone rang keeps the pop (see part.ts); but only a single one
 * of them surely talked.
 */
function talked(call: Call, extension: string): boolean {
  const own = call.legs.filter((leg) => leg.extension === extension);
  const took = own.some((leg) => leg.answeredAt !== null || leg.ringingAt === null);
  const [only, ...others] = rang(call);
  return took || (only === extension && others.length === 0);
}

/** Whose wrap-up begins with a change of a call, and who has the call again. */
export function wrapUpChanges(
  call: Call,
  before: Call | null,
): { begun: { extension: string; endedAt: Date }[]; resumed: string[] } {
  const extensions = new Set(call.legs.flatMap(({ extension }) => extension ?? []));
  const begun: { extension: string; endedAt: Date }[] = [];
  const resumed: string[] = [];
  for (const extension of extensions) {
    const now = stageOf(call, extension);
    const was = before === null ? null : stageOf(before, extension);
    if (now.stage === 'open' && now.endedAt !== null) {
      const same = was?.stage === 'open' && was.endedAt?.getTime() === now.endedAt.getTime();
      if (!same) begun.push({ extension, endedAt: now.endedAt });
    } else if (was?.stage === 'open') resumed.push(extension);
  }
  return { begun, resumed };
}

function stageOf(call: Call, extension: string): { stage: WrapUpStage; endedAt: Date | null } {
  const part = partOf(call, extension);
  return {
    stage: wrapUpStage(call, extension, part),
    endedAt: part?.kind === 'shown' ? part.endedAt : null,
  };
}

/** Whole seconds that somebody talked. */
export function secondsTalked(part: Part & { kind: 'shown' }): number {
  if (part.answeredAt === null || part.endedAt === null) return 0;
  return Math.max(0, Math.round((part.endedAt.getTime() - part.answeredAt.getTime()) / 1000));
}

/** Talk and wrap-up together, in whole minutes rounded up, as seconds: what is offered as time worked. */
export function offeredSeconds(talked: number, wrappingUp: number): number {
  return Math.ceil((talked + Math.max(0, wrappingUp)) / 60) * 60;
}

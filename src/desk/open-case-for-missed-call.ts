import type { StoredCall } from '../calls/store.ts';
import type { WriteValues } from '../crm/write.ts';
import { caseById } from '../directory/case-store.ts';
import { choiceListsOf } from '../directory/choice-store.ts';
import { findCandidate } from '../directory/match-number.ts';
import { candidateKey } from '../directory/match.ts';
import type { MatchCandidate } from '../directory/match.ts';
import type { CallerNumber } from '../directory/phone-number.ts';
import { callHandlingOf } from '../organization/call-handling-store.ts';
import type { CallHandling } from '../organization/call-handling.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { organizationUnlocks } from '../organization/organization-features.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { cleanText } from '../platform/text.ts';
import { candidatesOfCall } from './call-log-facts.ts';
import { caseOwner } from './case-owner.ts';
import { lockTag, saveTag } from './case-tag-store.ts';
import { fillTemplate, templateDate } from './fill-template.ts';
import type { TemplateFacts } from './fill-template.ts';
import { wantsCase } from './missed-call-rule.ts';
import { insertMissedCase, lastCaseOf, linkCase } from './missed-case-store.ts';
import type { MissedCase } from './missed-case-store.ts';
import { orderWrite } from './outbox-store.ts';
import type { RecordRef } from './outbox.ts';
import { pickChoices } from './pick-choices.ts';

interface MissedCaller {
  /** The entry that the call was listed with. */
  entryId: string;
  callerKey: string;
  caller: CallerNumber;
}

/**
 * Orders the case that the organization's rules want for a missed call, in the transaction that lists it; a repeat within the hours is
 * noted on the case that is there. The call counts as one about that case.
 */
export async function openCaseForMissedCall(
  trx: Database,
  call: StoredCall,
  { entryId, callerKey, caller }: MissedCaller,
): Promise<void> {
  const { organizationId, startedAt: at } = call;
  const { settings } = await callHandlingOf(trx, organizationId);
  const rules = settings.missedCalls;
  if (!rules.openCase || !(await organizationUnlocks(trx, organizationId, 'case-rules'))) return;
  const since = new Date(at.getTime() - rules.foldHours * 3_600_000);
  const earlier = await openCaseSince(trx, organizationId, callerKey, since);
  if (earlier !== null) await linkCase(trx, organizationId, entryId, earlier.id);
  const { party, known } = await whoCalled(trx, call);
  const timeZone = (await organizationById(trx, organizationId))?.timeZone ?? 'UTC';
  if (!wantsCase(settings, { queue: call.queue, at, known }, timeZone)) return;
  // Somebody saw to it while it rang.
  if ((await lockTag(trx, organizationId, call.id)) !== null) return;
  if (earlier !== null) return noteRepeat(trx, call, earlier, timeZone);
  const connectionId = await connectionFor(trx, organizationId, party);
  if (connectionId === null) return;
  const id = await orderCase(trx, call, {
    caller,
    callerKey,
    party,
    settings,
    timeZone,
    connectionId,
  });
  await linkCase(trx, organizationId, entryId, id);
}

/** The case that repeats go to; none when ServiceNow has closed it meanwhile. */
async function openCaseSince(
  trx: Database,
  organizationId: string,
  callerKey: string,
  since: Date,
): Promise<MissedCase | null> {
  const last = await lastCaseOf(trx, organizationId, callerKey, since);
  if (last === null || last.caseId === null) return last;
  const mirrored = await caseById(trx, organizationId, last.connectionId, last.caseId);
  return mirrored?.open === false ? null : last;
}

/** The one who called; where several share the number, what they have in common: nobody, or their company. */
async function whoCalled(
  trx: Database,
  call: StoredCall,
): Promise<{ party: MatchCandidate | null; known: boolean }> {
  const { chosen, candidates } = await candidatesOfCall(trx, call);
  if (chosen !== null) return { party: chosen, known: chosen.kind !== 'user' };
  const served = candidates.filter(({ kind }) => kind !== 'user');
  const companies = new Set(
    served.map(({ kind, connectionId, id, customer }) =>
      candidateKey('customer', connectionId, kind === 'customer' ? id : (customer?.id ?? '')),
    ),
  );
  const [shared = ''] = companies;
  return {
    party: companies.size === 1 ? await findCandidate(trx, call.organizationId, shared) : null,
    known: served.length > 0,
  };
}

/** Where the caller is, else the primary one; null while there is none to write to. */
async function connectionFor(
  trx: Database,
  organizationId: string,
  party: MatchCandidate | null,
): Promise<string | null> {
  const connections = await connectionsOf(trx, organizationId);
  const found =
    connections.find(({ id }) => id === party?.connectionId) ??
    connections.find(({ primary }) => primary);
  return found === undefined || found.state === 'new' ? null : found.id;
}

async function orderCase(
  trx: Database,
  call: StoredCall,
  known: {
    caller: CallerNumber;
    callerKey: string;
    party: MatchCandidate | null;
    settings: CallHandling;
    timeZone: string;
    connectionId: string;
  },
): Promise<string> {
  const { organizationId, id: callId } = call;
  const { caller, callerKey, party, settings, timeZone, connectionId } = known;
  const template = settings.caseTemplates.find(({ id }) => id === settings.missedCalls.templateId);
  const facts: TemplateFacts = {
    caller: party?.name ?? (caller.anonymous ? 'a withheld number' : caller.display),
    company: (party?.kind === 'customer' ? '' : party?.customer?.name) ?? '',
    number: caller.anonymous ? 'withheld' : caller.display,
    queue: call.queue ?? '',
    agent: '',
    date: templateDate(call.startedAt, timeZone),
  };
  const { shortDescription, description } = template ?? ownWords(call, timeZone);
  const subject = fillTemplate(shortDescription, facts).slice(0, 160).trim() || 'Missed call';
  const text = fillTemplate(description, facts).slice(0, 4000);
  // What ServiceNow offers no more is left out: nobody is there to choose something else.
  const { picked } = pickChoices(await choiceListsOf(trx, { organizationId, connectionId }), {
    priority: template?.priority,
    category: template?.category,
    assignmentGroup: template?.assignmentGroup?.id,
  });
  const owner = await caseOwner(trx, organizationId, party);
  const lane = owner.lane ?? callId;
  const values: WriteValues<'case'> = {
    shortDescription: subject,
    ...(text.trim() === '' ? {} : { description: text }),
    channel: 'phone',
    ...owner.values,
    ...(picked.priority && { priority: picked.priority.value }),
    ...(picked.category && { category: picked.category.value }),
    ...(picked.assignmentGroup && { assignmentGroupId: picked.assignmentGroup.value }),
  };
  const id = await orderWrite(trx, {
    ...{ organizationId, connectionId, lane, callId, personId: null },
    subject: `New case: ${subject}`,
    action: { kind: 'create-case', values, ...owner.refs },
  });
  const opened = { id, connectionId, lane, shortDescription: subject };
  await insertMissedCase(trx, organizationId, { ...opened, callerKey, callId, at: call.startedAt });
  await tagCall(trx, call, { ...opened, caseId: null, number: '' });
  return id;
}

/** Adds to the case that the caller called again. */
async function noteRepeat(
  trx: Database,
  call: StoredCall,
  found: MissedCase,
  timeZone: string,
): Promise<void> {
  const { organizationId, id: callId } = call;
  const ref: RecordRef = found.caseId === null ? { write: found.id } : { id: found.caseId };
  const queue = call.queue === null ? '' : `, queue ${cleanText(call.queue, 100)}`;
  await orderWrite(trx, {
    ...{ organizationId, connectionId: found.connectionId, lane: found.lane, callId },
    personId: null,
    subject: `Note on ${found.number === '' ? 'the new case' : found.number}`,
    action: {
      ...{ kind: 'add-note', case: ref, visibility: 'work-note' },
      text: `Called again, ${moment(call, timeZone)}${queue}: nobody answered.`,
    },
  });
  await tagCall(trx, call, found);
}

function tagCall(trx: Database, call: StoredCall, found: MissedCase): Promise<void> {
  const { id: writeId, connectionId, lane, caseId, number, shortDescription } = found;
  return saveTag(trx, call.organizationId, {
    ...{ callId: call.id, connectionId, caseId, writeId, lane, number, shortDescription },
    personId: null,
    at: call.startedAt,
  });
}

/** What a case says where no template is chosen. */
function ownWords(call: StoredCall, timeZone: string) {
  return {
    shortDescription: 'Missed call from {caller}, {company}',
    description: [
      `Nobody answered the call of ${moment(call, timeZone)}.`,
      'Number: {number}',
      ...(call.queue === null ? [] : ['Queue: {queue}']),
    ].join('\n'),
  };
}

/** `23 Nov 2026, 14:05 (Europe/Berlin)` */
function moment({ startedAt }: StoredCall, timeZone: string): string {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return `${templateDate(startedAt, timeZone)}, ${clock.format(startedAt)} (${timeZone})`;
}

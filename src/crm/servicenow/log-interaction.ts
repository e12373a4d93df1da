import type { WriteOptions } from '../port.ts';
import type { CallLog, LoggedCall, LogOptions } from '../write.ts';
import { cleanText } from '../../platform/text.ts';
import { addEntry } from './add-note.ts';
import type { CallLogFacts } from './call-log-facts.ts';
import type { Client } from './client.ts';
import { failure } from './failure.ts';
import { newLines } from './new-lines.ts';
import { hasCode } from './pull.ts';
import { customerCase } from './tables.ts';
import { toTime, writableOf } from './writable.ts';
import { writeOnce, writing } from './write-once.ts';
import { createRecord, findEarlier, patch, post } from './write-record.ts';
import type { Made } from './write-record.ts';

/*
 * A call as a record of `interaction`, made by the Table API or by the voice-interaction API of OpenFrame, which makes the phone log
 * and the related records in the same request (product documentation, 'OpenFrame API - Voice interaction').
 */

type Options = WriteOptions & LogOptions;
type InteractionWay = 'voice-interaction' | 'interaction';

const voicePath = 'api/now/openframe/voice-interaction';
const partyTables = {
  contact: 'customer_contact',
  consumer: 'csm_consumer',
  customer: 'customer_account',
  user: 'sys_user',
} as const;
const partyColumns = {
  contact: 'contact',
  consumer: 'consumer',
  customer: 'account',
  user: '',
} as const;

/** Makes the record of a call that has none. */
export async function makeInteraction(
  client: Client,
  facts: CallLogFacts,
  way: InteractionWay,
  log: CallLog,
  options: Options,
): Promise<LoggedCall> {
  const writable = writableOf('interaction');
  const columns = columnsOf(log, facts);
  const values = { ...columns, correlation_id: log.correlationId, work_notes: wholeText(log) };
  const links = linksOf(log, facts);
  const { result: made, existed } = await writeOnce<Made>(
    {
      tried: options.fresh !== true,
      subject: writable.table,
      settledAfterMs: client.settledAfterMs,
      send: () =>
        way === 'interaction'
          ? post(client, writable, values, options)
          : postVoice(client, log, values, links, options),
      find: () => findEarlier(client, writable, columns, log.correlationId, options),
    },
    options,
  );
  if (way === 'interaction') await link(client, made.id, links, options, existed);
  return { way, id: made.id, number: made.number, caseIds: log.caseIds, text: wholeText(log) };
}

/** Brings the record up to date; what is new in the text becomes another work note. */
export async function updateInteraction(
  client: Client,
  facts: CallLogFacts,
  log: CallLog,
  earlier: LoggedCall & { id: string },
  options: Options,
): Promise<LoggedCall> {
  const { token, fresh = false } = options;
  const columns = columnsOf(log, facts);
  const added = newLines(earlier.text, wholeText(log));
  const record = { table: writableOf('interaction').table, id: earlier.id };
  if (added === '') await patchOnce(client, record, columns, options);
  else
    await addEntry(
      client,
      record,
      added,
      { visibility: 'work-note', token, fresh },
      options,
      columns,
    );
  const links = linksOf(log, facts).filter(
    (one) => one.documentTable === customerCase.name && !earlier.caseIds.includes(one.documentId),
  );
  await link(client, earlier.id, links, options, !fresh);
  const caseIds = [...new Set([...earlier.caseIds, ...log.caseIds])];
  return { ...earlier, caseIds, text: wholeText(log) };
}

async function patchOnce(
  client: Client,
  { table, id }: { table: string; id: string },
  body: Record<string, string>,
  options: Options,
): Promise<void> {
  await writeOnce(
    {
      tried: false,
      subject: table,
      settledAfterMs: client.settledAfterMs,
      send: () => patch(client, table, id, body, options),
      find: async () => 'not-done',
    },
    options,
  );
}

const wholeText = ({ text, notes }: CallLog): string => (notes === '' ? text : `${text}\n${notes}`);

interface Link {
  documentTable: string;
  documentId: string;
}

/** The cases, and who called where `interaction` has no column for them: those are additions of CSM. */
function linksOf(log: CallLog, { columns }: CallLogFacts): Link[] {
  const cases = log.caseIds.map((id) => ({ documentTable: customerCase.name, documentId: id }));
  const { party } = log;
  if (party === null || columns === null || columns.has(partyColumns[party.type])) return cases;
  if (party.type === 'user') return cases;
  return [...cases, { documentTable: partyTables[party.type], documentId: party.id }];
}

function columnsOf(log: CallLog, facts: CallLogFacts): Record<string, string> {
  const { party } = log;
  const values: Record<string, string> = {
    type: 'phone',
    direction: log.direction === 'internal' ? '' : log.direction,
    state: log.answered ? 'closed_complete' : facts.unansweredState,
    short_description: log.shortDescription,
    caller_phone_number: log.number,
    assigned_to: log.agentId ?? '',
    // Contacts are users of ServiceNow, consumers are not.
    opened_for: party?.type === 'contact' || party?.type === 'user' ? party.id : '',
    account: log.customerId ?? '',
    ...(party === null || party.type === 'user' ? {} : { [partyColumns[party.type]]: party.id }),
    opened_at: toTime(log.startedAt),
    closed_at: toTime(log.endedAt),
  };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => value !== '' && (facts.columns?.has(name) ?? true))
      .map(([name, value]) => [name, value.toWellFormed()]),
  );
}

async function postVoice(
  client: Client,
  log: CallLog,
  values: Record<string, string>,
  relatedRecords: Link[],
  options: Options,
): Promise<Made> {
  const body = {
    interaction: {
      userPhoneNumber: log.number,
      callbackPhoneNumber: log.number,
      clientSessionId: log.correlationId,
      inboundId: log.correlationId,
      additionalParams: values,
    },
    interactionContext: {},
    phoneLogs: [
      {
        call_id: log.correlationId,
        ...(log.agentId === null ? {} : { agent: log.agentId }),
        start_time: toTime(log.startedAt),
        end_time: toTime(log.endedAt),
      },
    ],
    relatedRecords,
  };
  const { result } = await client.write({
    method: 'POST',
    path: voicePath,
    parameters: {},
    body,
    subject: 'voice-interaction',
    ...writing(options),
  });
  const said =
    typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : {};
  const { status, sysId, number, message } = said;
  if (status === 'SUCCESS' && typeof sysId === 'string' && sysId !== '')
    return { id: sysId, number: typeof number === 'string' ? number : '' };
  const words = cleanText(typeof message === 'string' ? message : '', 300);
  throw failure('rejected', 'The voice-interaction API did not write the call down.', {
    refusal: words === '' ? 'FAILURE' : words,
  });
}

/** Links the interaction with records, each once. A user who may not leaves the interaction as it is. */
async function link(
  client: Client,
  interactionId: string,
  links: Link[],
  options: Options,
  tried: boolean,
): Promise<void> {
  for (const { documentTable, documentId } of links) {
    const values = {
      interactionId,
      recordTable: documentTable,
      recordId: documentId,
      type: 'task',
    };
    const correlationId = `${options.token}-${documentId}`.slice(0, 100);
    const doubtSince = tried ? (options.doubtSince ?? null) : null;
    try {
      const record = { correlationId, values, fresh: !tried };
      await createRecord(client, 'interactionLink', record, { ...options, doubtSince });
    } catch (error) {
      if (!hasCode(error, 'no-access', 'csm-inactive')) throw error;
    }
  }
}

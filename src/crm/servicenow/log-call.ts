import type { WriteOptions } from '../port.ts';
import type { CallLog, LoggedCall, LogOptions } from '../write.ts';
import { addNote } from './add-note.ts';
import type { CallLogFacts, CallLogWay } from './call-log-facts.ts';
import type { Client } from './client.ts';
import { makeInteraction, updateInteraction } from './log-interaction.ts';
import { newLines } from './new-lines.ts';
import { hasCode } from './pull.ts';

export interface CallLogger {
  client: Client;
  way: CallLogWay;
  /** May ask the instance; remembered. */
  facts(): Promise<CallLogFacts>;
}

type Options = WriteOptions & LogOptions;

/** Writes a call down; see CrmConnection.logCall. */
export async function logCall(
  logger: CallLogger,
  log: CallLog,
  options: Options,
): Promise<LoggedCall> {
  const earlier = options.earlier ?? null;
  if (earlier?.way === 'work-note') return noteOnCases(logger.client, log, earlier, options);
  if (earlier !== null && earlier.id !== null)
    return updateInteraction(
      logger.client,
      await logger.facts(),
      log,
      { ...earlier, id: earlier.id },
      options,
    );
  return begin(logger, log, options);
}

/** The first way of the setting that the instance has. */
async function begin(logger: CallLogger, log: CallLog, options: Options): Promise<LoggedCall> {
  const { client, way } = logger;
  const automatic = way === 'automatic';
  const facts = await logger.facts();
  let { fresh = false } = options;
  if (way === 'voice-interaction' || (automatic && facts.voiceApi && isDialable(log.number))) {
    try {
      return await makeInteraction(client, facts, 'voice-interaction', log, options);
    } catch (error) {
      if (!automatic || !hasCode(error, 'csm-inactive', 'no-access', 'rejected')) throw error;
      // What it refused may be the phone log alone, or this one call.
      if (!hasCode(error, 'rejected')) facts.voiceApi = false;
      // Its parts are written one after the other: the interaction may be there although a later part was refused.
      fresh &&= hasCode(error, 'csm-inactive');
    }
  }
  if (way === 'interaction' || (automatic && facts.interactions)) {
    try {
      return await makeInteraction(client, facts, 'interaction', log, { ...options, fresh });
    } catch (error) {
      if (!automatic || !hasCode(error, 'csm-inactive', 'no-access')) throw error;
    }
  }
  if (way === 'off') return { way: 'none', id: null, number: '', caseIds: [], text: '' };
  return noteOnCases(client, log, null, options);
}

/** The API wants a number in E.164. */
const isDialable = (number: string): boolean => /^\+\d{5,15}$/.test(number);

/** A work note on every case that the call was about; cases that have one get what is new. */
async function noteOnCases(
  client: Client,
  log: CallLog,
  earlier: LoggedCall | null,
  options: Options,
): Promise<LoggedCall> {
  const { token, fresh = false } = options;
  const noted = earlier?.caseIds ?? [];
  const added = newLines(earlier?.text ?? '', log.text);
  for (const caseId of new Set([...noted, ...log.caseIds])) {
    const text = noted.includes(caseId) ? added : log.text;
    if (text !== '')
      await addNote(client, caseId, text, { visibility: 'work-note', token, fresh }, options);
  }
  const caseIds = [...new Set([...noted, ...log.caseIds])];
  const way = caseIds.length > 0 ? 'work-note' : 'none';
  return { way, id: null, number: '', caseIds, text: way === 'none' ? '' : log.text };
}

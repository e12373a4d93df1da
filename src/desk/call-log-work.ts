import { personById } from '../organization/person-store.ts';
import type { Database } from '../platform/database/database.ts';
import { duration } from './call-log-text.ts';
import { workOfCall } from './work-store.ts';
import type { StoredWork } from './work-store.ts';

/** What people did with a call, as far as it belongs into its record. */
export interface CallLogWork {
  /** The case that it was about. */
  case: { connectionId: string; id: string } | null;
  /** How it was wrapped up, line by line. */
  lines: string[];
  /** What they noted, with their names; '' without a note. */
  notes: string;
}

/** Reads it; what somebody is still typing is left out until they finish. */
export async function callLogWork(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<CallLogWork> {
  const work = await workOfCall(db, organizationId, callId);
  const names = await namesOf(db, organizationId, work);
  const { tag } = work;
  return {
    case:
      tag === null || tag.caseId === null
        ? null
        : { connectionId: tag.connectionId, id: tag.caseId },
    lines: work.wrapUps.flatMap(({ personId, finishedAt, codeLabel, secondsWorked }) => {
      if (finishedAt === null) return [];
      const name = names.get(personId) ?? 'somebody';
      return [
        ...(codeLabel === null ? [] : [`Wrap-up by ${name}: ${codeLabel}`]),
        ...(secondsWorked === null || secondsWorked === 0
          ? []
          : [`Time worked by ${name}: ${duration(secondsWorked)}`]),
      ];
    }),
    notes: notesOf(work)
      .map(({ personId, text }) => `Note by ${names.get(personId) ?? 'somebody'}: ${text}`)
      .join('\n'),
  };
}

function notesOf({ notes, parts, wrapUps }: StoredWork): { personId: string; text: string }[] {
  const finished = new Set(
    wrapUps.filter(({ finishedAt }) => finishedAt !== null).map(({ personId }) => personId),
  );
  const kept = notes.filter(({ personId, text }) => finished.has(personId) && text.trim() !== '');
  return [...parts, ...kept]
    .map(({ personId, text }) => ({ personId, text: text.trim() }))
    .filter(({ text }) => text !== '');
}

async function namesOf(
  db: Database,
  organizationId: string,
  { notes, parts, wrapUps }: StoredWork,
): Promise<Map<string, string>> {
  const names = new Map([...notes, ...parts].map(({ personId, name }) => [personId, name]));
  for (const { personId } of wrapUps) {
    if (names.has(personId)) continue;
    const person = await personById(db, organizationId, personId);
    if (person !== null) names.set(personId, person.name);
  }
  return names;
}

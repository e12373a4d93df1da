import { hoursAndMinutes } from './worked-time.ts';

/** What stands under a work note: in the CRM its author is the user that Ringside signs in as. */
export interface Signature {
  agent: string;
  /** Who was on the line, for people. */
  caller: string;
}

/**
 * The work note that a note becomes. Time worked stands in its text: the CRM's own field of that name counts up for everybody who works on
 * the case, so that writing it means reading it first, and two who do so at once would lose time (docs/decisions/0008-time-worked-in-the-note.md).
 */
export function workNoteText(
  text: string,
  { agent, caller }: Signature,
  ending: { code: string | null; secondsWorked: number } = { code: null, secondsWorked: 0 },
): string {
  const facts = [
    ending.code === null ? '' : `Wrap-up: ${ending.code}`,
    ending.secondsWorked > 0 ? `Time worked: ${hoursAndMinutes(ending.secondsWorked)}` : '',
    `${agent}, call with ${caller}`,
  ];
  return [text.trim(), facts.filter(Boolean).join('\n')].filter(Boolean).join('\n\n');
}

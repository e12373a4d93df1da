import { cleanText } from '../../platform/text.ts';
import type { CrmError } from '../crm-error.ts';
import type { Envelope } from './envelope.ts';
import { failure } from './failure.ts';

/**
 * Why the instance did not write a record, or null when its answer is no decision about the record. A business rule, a
 * data policy and an access rule all answer 403; what they say is kept for the agent in their own words.
 */
export function writeRefusal(
  status: number,
  { message, detail }: Envelope,
  asked: { subject: string; redact(text: string): string },
): CrmError | null {
  const said = ownWords(asked.redact(detail || message));
  if (status === 404) {
    return failure('not-found', `The record of ${asked.subject} is not there any more.`, {
      refusal: said,
    });
  }
  const all = `${message} ${detail}`;
  if (/aborted by business rule|data policy/i.test(all) || status === 409) {
    return failure('rejected', `ServiceNow refused to write ${asked.subject}: ${said}`, {
      refusal: said,
    });
  }
  if (status === 403) {
    return failure('no-access', `The user may not write ${asked.subject} (HTTP 403): ${said}`, {
      fix: `Give the ServiceNow user a role that may write this table: User Administration > Users > the user > Roles > Edit.`,
      refusal: said,
    });
  }
  if (
    status === 400 &&
    !/invalid table|table \S+ does not exist|does not represent any resource/i.test(all)
  ) {
    return failure(
      'rejected',
      `ServiceNow did not accept the values for ${asked.subject}: ${said}`,
      {
        refusal: said,
      },
    );
  }
  return null;
}

/** Without the ids and the stack that only an administrator understands: the name of the rule stays. */
function ownWords(text: string): string {
  const words = text
    .replace(/Business Rule Stack:.*$/s, '')
    .replace(/\^[0-9a-f]{32}/g, '')
    .trim();
  return cleanText(words, 300);
}

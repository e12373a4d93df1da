import { errorReply, jsonReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';

/** The quota rule that cancels a request after 60 seconds, in the three shapes it has been seen in (§1.5). */

const message = 'Transaction cancelled: maximum execution time exceeded';
const detail = `${message} Check logs for error trace or enable glide.rest.debug property to verify REST request processing`;

export function cancelledReply(): Reply {
  return errorReply(500, message, detail);
}

/** The answer of a list that was cancelled, or null when it was not. Rows that were written before are still there, with status 200. */
export function cancelledList(
  instance: Instance,
  path: string,
  rows: readonly string[],
  headers: Reply['headers'],
): Reply | null {
  const applies = instance.faults
    .arguments('transaction-timeout')
    .some((each) => rows.length > Number(each.split('/')[1] ?? 0));
  const argument = applies ? instance.faults.happens('transaction-timeout', path) : null;
  if (argument === null) return null;
  const [shape] = argument.split('/');
  if (shape === '500') return cancelledReply();
  const written = rows.slice(0, Math.ceil(rows.length / 2)).join(',');
  const error = JSON.stringify({ message, detail });
  const rest =
    shape === 'malformed'
      ? `"" ],"error":${error},"status":"failure"}`
      : `],"error":${error},"status":"failure"}`;
  return { ...jsonReply(200, null, headers), body: `{"result":[${written}${rest}` };
}

import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { HttpClient } from '../platform/http-client.ts';
import { HttpFailure } from '../platform/http-failure.ts';
import type { TaskContext } from '../platform/jobs.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { cleanText } from '../platform/text.ts';
import { webhookHeaders } from './webhook-headers.ts';
import { deliveryToSend, noteAttempt } from './webhook-store.ts';

export interface DeliverDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
  http: HttpClient;
}

export const webhookSecretContext = (organizationId: string, id: string): string =>
  `webhook:${organizationId}:${id}`;

/** The receiver does its work after answering. */
const patienceMs = 15_000;

/**
 * One attempt at a delivery. 2xx is success; anything else throws, so that the job queue tries again later. Redirects are not
 * followed. What was switched off or removed meanwhile is not sent.
 */
export async function deliverWebhook(
  { db, clock, secretBox, http }: DeliverDeps,
  { organizationId, id }: { organizationId: string; id: string },
  context: Pick<TaskContext, 'attempt' | 'maxAttempts' | 'signal'>,
): Promise<void> {
  const delivery = await deliveryToSend(db, organizationId, id);
  if (delivery === null || delivery.state === 'delivered') return;
  const at = clock.now();
  const note = (
    state: 'waiting' | 'delivered' | 'failed',
    status: number | null,
    error: string | null,
  ) => noteAttempt(db, organizationId, id, { at, state, status, error });
  if (!delivery.active) return note('failed', null, 'The webhook is switched off.');
  const secret = secretBox.open(
    delivery.secret,
    webhookSecretContext(organizationId, delivery.webhookId),
  );
  const { status, error } = await post(
    http,
    delivery,
    webhookHeaders(delivery, secret, at),
    context.signal,
  );
  if (error === null) return note('delivered', status, null);
  // An attempt that a stop cuts off does not count.
  const last = context.attempt >= context.maxAttempts && !context.signal.aborted;
  await note(last ? 'failed' : 'waiting', status, error);
  throw new Error(`webhook delivery: ${error}`);
}

async function post(
  http: HttpClient,
  { url, body }: { url: string; body: string },
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number | null; error: string | null }> {
  try {
    const { status, text } = await http.request({
      ...{ method: 'POST', url, headers, body, timeoutMs: patienceMs, maxBytes: 65_536, signal },
    });
    if (status >= 200 && status < 300) return { status, error: null };
    const said = cleanText(text, 200);
    return { status, error: `It answered ${status}${said === '' ? '' : `: ${said}`}.` };
  } catch (failure) {
    if (!(failure instanceof HttpFailure)) throw failure;
    if (signal.aborted)
      return { status: null, error: 'Ringside was stopped meanwhile; it is sent again.' };
    return { status: null, error: failure.message };
  }
}

import type { BookedCall, CallWatcher } from '../calls/book-events.ts';
import type { Call } from '../calls/call.ts';
import { rang } from '../calls/call.ts';
import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import type { WebhookEvent } from '../organization/webhook.ts';

/** Tells webhooks of calls: that one began, was answered, ended; each once, in the transaction that books it. */
export function callWebhooks(tell: TellWebhooks): CallWatcher {
  return {
    async changed(trx, call, before) {
      for (const event of eventsOf(call, before))
        await tell(trx, call.organizationId, event, { call: describe(call) });
    },
  };
}

function eventsOf(call: Call, before: Call | null): WebhookEvent[] {
  return [
    ...(before === null ? (['call.started'] as const) : []),
    ...(call.answeredAt !== null && (before?.answeredAt ?? null) === null
      ? (['call.answered'] as const)
      : []),
    ...(call.endedAt !== null && (before?.endedAt ?? null) === null
      ? (['call.ended'] as const)
      : []),
  ];
}

function describe(call: BookedCall): Record<string, unknown> {
  const { id, direction, from, to, queue, startedAt, answeredAt, endedAt, result } = call;
  return {
    ...{ id, direction, from, to, queue, startedAt, answeredAt, endedAt, result },
    answeredBy: call.answeredBy,
    rang: rang(call),
    transfers: call.transfers.map(({ kind, from: by, to: target }) => ({
      kind,
      from: by,
      to: target,
    })),
  };
}

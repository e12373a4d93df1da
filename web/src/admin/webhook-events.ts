import type { WebhookEvent } from '../../../src/organization/webhook.ts';

/** What each event is called where people choose and read it. */
export const eventTitles: Record<WebhookEvent, string> = {
  'call.started': 'A call begins',
  'call.answered': 'A call is answered',
  'call.ended': 'A call ends',
  'case.created': 'A case was opened',
  'check.failed': 'A nightly check failed',
};

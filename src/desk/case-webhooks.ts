import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import type { OnSettled } from './outbox.ts';

/** Tells webhooks of cases that agents or rules made, once each, in the transaction that notes that the CRM has them. */
export function caseWebhooks(tell: TellWebhooks): OnSettled {
  return async (trx, { organizationId, connectionId, callId, action, record }) => {
    if (action.kind !== 'create-case' || record === null) return;
    const { shortDescription = '' } = action.values;
    const made = { id: record.id, number: record.number, shortDescription, connectionId, callId };
    await tell(trx, organizationId, 'case.created', { case: made });
  };
}

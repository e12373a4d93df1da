import { tellMissedCalls } from './missed-call-store.ts';
import { dropMissedCase, missedCaseMade } from './missed-case-store.ts';
import type { OnSettled } from './outbox.ts';

/** The list of missed calls shows a case by its number once the CRM has it, and no more when it was given up. */
export const settleMissedCases: OnSettled = async (trx, write) => {
  const { organizationId, id, action, record, outcome } = write;
  if (action.kind !== 'create-case') return;
  const concerned =
    outcome === 'dropped'
      ? await dropMissedCase(trx, organizationId, id)
      : record !== null && (await missedCaseMade(trx, organizationId, id, record));
  if (concerned) await tellMissedCalls(trx, organizationId);
};

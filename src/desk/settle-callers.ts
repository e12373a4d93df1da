import { dropPending } from '../directory/pending-store.ts';
import { contactMade, customerMade, numbersWritten } from '../directory/settle-pending.ts';
import { moveChoices } from './move-choices.ts';
import type { OnSettled } from './outbox.ts';

/** What counted here while it was on its way to the CRM stands in the mirror from then on, or is forgotten when it was dropped. */
export const settleCallers: OnSettled = async (trx, write) => {
  const { id, organizationId, action, record, outcome } = write;
  if (outcome === 'dropped') {
    await dropPending(trx, organizationId, id);
    if (action.kind === 'create-contact') await moveChoices(trx, write, id, null);
    return;
  }
  if (record === null) return;
  const { number } = record;
  if (action.kind === 'create-contact') {
    await contactMade(trx, write, id, record.id);
    await moveChoices(trx, write, id, record.id);
  }
  if (action.kind === 'create-customer') {
    const name = action.values.name ?? '';
    await customerMade(trx, write, id, { id: record.id, name, number });
  }
  if (action.kind === 'update-contact') await numbersWritten(trx, organizationId, id);
};

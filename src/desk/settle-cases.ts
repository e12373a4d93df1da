import { caseMade } from './case-tag-store.ts';
import type { OnSettled } from './outbox.ts';

/** A case that was made is known by its own id and number from then on. */
export const settleCases: OnSettled = async (trx, { organizationId, id, action, record }) => {
  if (action.kind === 'create-case' && record !== null)
    await caseMade(trx, organizationId, id, record);
};

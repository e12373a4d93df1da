import type { WriteValues } from '../crm/write.ts';
import type { CallerTarget } from './caller-target.ts';
import type { WriteAction } from './outbox.ts';

/** The write that changes fields of a record, whatever its kind. */
export function updateOf(
  { owner, ref: contact }: Pick<CallerTarget, 'owner' | 'ref'>,
  values: WriteValues<'contact'> & WriteValues<'consumer'>,
): WriteAction {
  const kind = 'update-contact';
  if (owner.kind !== 'customer') return { kind, type: owner.kind, contact, values };
  const { phone } = values;
  return { kind, type: 'customer', contact, values: phone === undefined ? {} : { phone } };
}

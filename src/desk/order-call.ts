import { placeCall } from '../calls/place-call.ts';
import type { PlaceCallDeps } from '../calls/place-call.ts';
import { features, unlocks } from '../organization/features.ts';
import { personByExtension } from '../organization/person-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { dialableNumber } from './call-number.ts';

/**
 * A call that another program orders with an API key: rings the phone of the extension first and, once it is lifted, dials. Throws
 * `invalid-input` for an extension that is nobody's and for what is no number, `plan-required`, and in words what else went wrong.
 */
export async function orderCall(
  deps: PlaceCallDeps,
  { organizationId }: Viewer,
  { extension, number: typed }: { extension: string; number: string },
): Promise<void> {
  const person = await personByExtension(deps.db, organizationId, extension);
  if (person === null)
    throw new RingsideError('invalid-input', 'No active person has this extension.', {
      fix: 'Name an extension that stands under CRM User Mappings.',
      fields: [{ field: 'extension', message: 'is nobody’s' }],
    });
  if (!unlocks(person.plan, 'click-to-call'))
    throw new RingsideError(
      'plan-required',
      `${person.name} needs the ${features['click-to-call'].plan} plan or a higher one to place calls.`,
      { fix: 'Give them a seat under CRM User Mappings.' },
    );
  const number = await dialableNumber(deps.db, organizationId, typed);
  await placeCall(deps, { organizationId, personId: person.id, extension }, number);
}

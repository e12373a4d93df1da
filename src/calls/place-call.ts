import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { CallDeps } from './book-events.ts';
import { isUp, linksOf } from './phone-link-store.ts';
import { hasOpenOrder, insertOrder, orderResult } from './phone-order-store.ts';
import type { OrderResult } from './phone-order-store.ts';

/** Told when an order waits for the node that holds the link, and when it is done. */
export const ordersChannel = 'phone-orders';
export const orderDoneChannel = 'phone-order-done';

/** The phone rings 25 s at most; the rest is for the way there and back. */
const patienceMs = 40_000;

export type PlaceCallDeps = Pick<CallDeps, 'db' | 'notifier' | 'clock'>;

/**
 * Rings the person's phone and, once it is lifted, dials: through the phone system that knows the extension. Answers the phone
 * system's id of the call when the phone was lifted; throws `conflict` with what happened in words, or `unavailable` when no
 * phone system can place calls now. `number` must be fit to be dialled.
 */
export async function placeCall(
  deps: PlaceCallDeps,
  caller: { organizationId: string; personId: string; extension: string },
  number: string,
): Promise<string> {
  const { organizationId, personId, extension } = caller;
  const since = new Date(deps.clock.now().getTime() - patienceMs);
  if (await hasOpenOrder(deps.db, organizationId, personId, since))
    throw new RingsideError('conflict', 'Your phone is being rung already.', {
      fix: 'Lift it, or wait until it stops.',
    });
  const phoneSystemId = await systemOf(deps, organizationId, extension);
  const order = { organizationId, id: newId(), phoneSystemId, personId, extension, number };
  const result = await new Promise<OrderResult | null>((resolve, reject) => {
    const look = () => {
      orderResult(deps.db, organizationId, order.id).then(
        (found) => found && finish(() => resolve(found)),
        (error: unknown) => finish(() => reject(error)),
      );
    };
    const stop = deps.notifier.subscribe(orderDoneChannel, (payload) => {
      if ((payload as { id?: unknown }).id === order.id) look();
    });
    // The notice is a hint; the table is the truth.
    const timer = setInterval(look, 1_000);
    const end = setTimeout(() => finish(() => resolve(null)), patienceMs);
    function finish(then: () => void) {
      stop();
      clearInterval(timer);
      clearTimeout(end);
      then();
    }
    deps.db
      .transaction()
      .execute(async (trx) => {
        await insertOrder(trx, order, deps.clock.now());
        await deps.notifier.publish(trx, ordersChannel, { organizationId, phoneSystemId });
      })
      .catch((error: unknown) => finish(() => reject(error)));
  });
  if (result?.state === 'lifted') return result.sourceCall;
  throw result === null ? noAnswer() : new RingsideError('conflict', result.message, result);
}

async function systemOf(
  { db }: PlaceCallDeps,
  organizationId: string,
  extension: string,
): Promise<string> {
  const up = (await linksOf(db, organizationId)).filter(isUp);
  const known = up.filter((link) => link.extensions.includes(extension));
  // A phone system that tells no extensions may know this one all the same, when there is no other.
  const [only] = known.length > 0 ? known : up.length === 1 ? up : [];
  if (only) return only.phoneSystemId;
  throw new RingsideError(
    'conflict',
    up.length === 0
      ? 'No phone system that can place calls is connected.'
      : `No phone system knows your extension ${extension}.`,
    { fix: 'Dial on your phone, or ask an administrator to look at Phone Systems.' },
  );
}

function noAnswer(): RingsideError {
  return new RingsideError('unavailable', 'The phone system did not say what became of the call.', {
    fix: 'Look at your phone, or try again in a moment.',
  });
}

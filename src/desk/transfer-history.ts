import type { Call } from '../calls/call.ts';
import type { Transfer } from '../calls/leg.ts';
import type { PopCard } from './contract.ts';

/** The call's transfers as one of its people sees them, with names instead of extensions. */
export async function transferHistory(
  call: Call,
  extension: string,
  nameOf: (extension: string | null) => Promise<string | null>,
): Promise<PopCard['transfers']> {
  const history = await Promise.all(
    call.transfers.map(async (transfer) => ({
      kind: transfer.kind,
      from: await nameOf(transfer.from),
      to: await nameOf(transfer.to),
      own: ownPart(transfer, extension),
      at: transferredAt(call, transfer)?.toISOString() ?? null,
    })),
  );
  return history.toSorted((a, b) => (a.at ?? 'z').localeCompare(b.at ?? 'z'));
}

function ownPart({ from, to }: Transfer, extension: string): 'from' | 'to' | null {
  if (from === extension) return 'from';
  return to === extension ? 'to' : null;
}

/** The phone that transferred lets go at that moment; where it did not talk (a pickup, a parked call), the next one joins then. */
function transferredAt({ legs }: Call, { from, to }: Transfer): Date | null {
  const left = legs.find(({ extension, answeredAt }) => extension === from && answeredAt !== null);
  if (from !== null && left?.endedAt) return left.endedAt;
  const joined = to === null ? undefined : legs.findLast(({ extension }) => extension === to);
  return joined?.ringingAt ?? joined?.answeredAt ?? null;
}

import type { Call } from '../calls/call.ts';
import type { Transfer } from '../calls/leg.ts';
import type { PopCard } from './contract.ts';

type Step = Omit<Transfer, 'kind' | 'id'> & { kind: PopCard['transfers'][number]['kind'] };

/** The call's transfers as one of its people sees them, with names instead of extensions. */
export async function transferHistory(
  call: Call,
  extension: string,
  nameOf: (extension: string | null) => Promise<string | null>,
): Promise<PopCard['transfers']> {
  const history = await Promise.all(
    [...call.transfers, ...passedOn(call)].map(async (transfer) => ({
      kind: transfer.kind,
      from: await nameOf(transfer.from),
      to: await nameOf(transfer.to),
      own: ownPart(transfer, extension),
      at: transferredAt(call, transfer)?.toISOString() ?? null,
    })),
  );
  return history.toSorted((a, b) => (a.at ?? 'z').localeCompare(b.at ?? 'z'));
}

/** A phone system that tells of no transfers lets the next phone answer. */
function passedOn({ exclusive, transfers, legs }: Call): Step[] {
  if (!exclusive || transfers.length > 0) return [];
  const talked = legs
    .filter(({ extension, answeredAt }) => extension !== null && answeredAt !== null)
    .toSorted((a, b) => Number(a.answeredAt) - Number(b.answeredAt));
  return talked.slice(1).flatMap(({ extension: to }, place) => {
    const from = talked[place]!.extension;
    return from === to ? [] : [{ kind: 'passed-on', from, to }];
  });
}

function ownPart({ from, to }: Step, extension: string): 'from' | 'to' | null {
  if (from === extension) return 'from';
  return to === extension ? 'to' : null;
}

/** The phone that transferred lets go at that moment; where it did not talk (a pickup, a parked call), the next one joins then. */
function transferredAt({ legs }: Call, { from, to }: Step): Date | null {
  const left = legs.find(({ extension, answeredAt }) => extension === from && answeredAt !== null);
  if (from !== null && left?.endedAt) return left.endedAt;
  const joined = to === null ? undefined : legs.findLast(({ extension }) => extension === to);
  return joined?.ringingAt ?? joined?.answeredAt ?? null;
}

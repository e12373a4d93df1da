import type { MatchCandidate } from '../directory/match.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { recordDetails } from '../directory/record-details-store.ts';
import { placeZone } from '../directory/time-zone.ts';
import type { Database } from '../platform/database/database.ts';
import type { CallerNumber, PopCard } from './contract.ts';

/** The part of the caller's card that comes from their record, or from the number alone when no record is shown. */
export async function recordCard(
  db: Database,
  organizationId: string,
  caller: CallerNumber,
  shown: MatchCandidate | null,
  at: Date,
): Promise<Omit<PopCard, 'transfers' | 'earlier'>> {
  const timeZone = placeZone(
    { city: shown?.city ?? '', country: shown?.country ?? '', number: caller },
    at,
  );
  if (shown === null) return { numbers: [], language: '', timeZone };
  const { language, numbers } = await recordDetails(db, organizationId, shown);
  return {
    language,
    timeZone,
    numbers: numbers.map(({ label, raw, e164, extension }) => {
      // What nobody can dial stays as it was typed.
      const number = callerNumber(e164 ?? raw, shown.country);
      return { label, number, extension, matches: e164 !== null && e164 === caller.e164 };
    }),
  };
}

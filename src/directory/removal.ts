/** What a finished pull of one kind of record found. */
export interface PullFindings {
  /** Records in the mirror, those that were just seen included. */
  stored: number;
  /** Of them, how many the CRM gave. */
  seen: number;
  /** How many the CRM says there are, access rules not considered; null when it does not say. */
  total: number | null;
}

const fewRecords = 10;
const fewShare = 0.2;

/**
 * Whether what the CRM did not give may be deleted. Gone records must go, but rows that are only
 * hidden look just the same: a role that was taken away, a wrong instance, a filter. So an empty
 * answer takes away no more than a few, and those only when the CRM counts none either; and many
 * records go at once only when the CRM's own count says that all of it was seen.
 */
export function mayRemove({ stored, seen, total }: PullFindings): boolean {
  const missing = stored - seen;
  if (missing === 0) return true;
  if (seen === 0) return total === 0 && stored <= fewRecords;
  if (total !== null && seen >= total) return true;
  return missing <= Math.max(fewRecords, stored * fewShare);
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { auditPage } from '../../../src/organization/audit-contract.ts';
import { api } from '../ui/api.ts';

/** What to look for; dates as a date input gives them, in the reader's time zone, '' for none. */
export interface AuditFilter {
  q: string;
  from: string;
  to: string;
}

/** Pages of the audit log, the newest first. */
export function useAuditLog(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) => api.get(auditPath('/audit', filter, pageParam), auditPage),
    getNextPageParam: (page) => page.next,
  });
}

export function auditPath(path: string, { q, from, to }: AuditFilter, after = ''): string {
  const wanted = new URLSearchParams();
  if (q !== '') wanted.set('q', q);
  if (from !== '') wanted.set('from', dayStart(from, 0));
  // The last day is meant whole.
  if (to !== '') wanted.set('to', dayStart(to, 1));
  if (after !== '') wanted.set('after', after);
  return wanted.size === 0 ? path : `${path}?${wanted.toString()}`;
}

function dayStart(day: string, later: number): string {
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}

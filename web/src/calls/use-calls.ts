import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { unlocks } from '../../../src/organization/features.ts';
import { includesRole } from '../../../src/organization/plan.ts';
import { callFilters, callPage, callStory } from '../../../src/reports/contract.ts';
import { api } from '../ui/api.ts';
import { useMe } from '../ui/use-me.ts';

/** What to look for; '' for anything. Dates as a date input gives them, in the reader's time zone. */
export interface CallsFilter {
  scope: string;
  q: string;
  direction: string;
  results: string;
  queue: string;
  personId: string;
  teamId: string;
  from: string;
  to: string;
}

export const anyCall: CallsFilter = {
  ...{
    scope: '',
    q: '',
    direction: '',
    results: '',
    queue: '',
    personId: '',
    teamId: '',
    from: '',
    to: '',
  },
};

/** As `requireHistory` of the server: whoever supervises needs no plan of their own for it. */
export function useSeesCalls(): boolean {
  const { person } = useMe();
  return includesRole(person.role, 'supervisor') || unlocks(person.plan, 'history');
}

export function useCalls(filter: CallsFilter, enabled: boolean) {
  return useInfiniteQuery({
    enabled,
    queryKey: ['calls', filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api.get(callsPath('/calls', filter, { after: pageParam }), callPage),
    getNextPageParam: (page) => page.next,
  });
}

export function useCallFilters(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['call-filters'],
    queryFn: () => api.get('/calls/filters', callFilters),
  });
}

export function useCallStory(callId: string, enabled: boolean) {
  return useQuery({
    enabled,
    queryKey: ['call', callId],
    queryFn: () => api.get(`/calls/${encodeURIComponent(callId)}`, callStory),
  });
}

export function callsPath(path: string, filter: CallsFilter, more: Record<string, string>): string {
  const wanted = new URLSearchParams();
  // The last day is meant whole.
  const { from, to, ...plain } = filter;
  const days = { from: from && dayStart(from, 0), to: to && dayStart(to, 1) };
  for (const [name, value] of Object.entries({ ...plain, ...days, ...more }))
    if (value !== '') wanted.set(name, value);
  return wanted.size === 0 ? path : `${path}?${wanted.toString()}`;
}

function dayStart(day: string, later: number): string {
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}

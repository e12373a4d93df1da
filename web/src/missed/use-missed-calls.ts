import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { missedCall, missedPage } from '../../../src/desk/missed-contract.ts';
import type { MissedScope } from '../../../src/desk/missed-contract.ts';
import { useDeskView } from '../desk/desk-provider.tsx';
import { api } from '../ui/api.ts';

export interface MissedFilter {
  /** Null: the widest that there is. */
  scope: MissedScope | null;
  /** '': of any team. */
  teamId: string;
  state: 'open' | 'closed';
}

const listKey = ['missed-calls'];

/** Who called in vain, kept up to date by the live stream. */
export function useMissedCalls(filter: MissedFilter, enabled: boolean) {
  const queries = useQueryClient();
  const changes = useDeskView().view.missed?.changes;
  useEffect(() => void queries.invalidateQueries({ queryKey: listKey }), [queries, changes]);
  return useInfiniteQuery({
    queryKey: [...listKey, filter],
    enabled,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const wanted = new URLSearchParams({ state: filter.state });
      if (filter.scope !== null) wanted.set('scope', filter.scope);
      if (filter.teamId !== '') wanted.set('teamId', filter.teamId);
      if (pageParam !== '') wanted.set('after', pageParam);
      return api.get(`/desk/missed-calls?${wanted.toString()}`, missedPage, { signal });
    },
    getNextPageParam: (page) => page.next,
  });
}

/** Closes an entry by hand, or opens it again. */
export function useMissedClosing() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, closed }: { id: string; closed: boolean }) =>
      api.put(`/desk/missed-calls/${id}`, { closed }, missedCall),
    onSettled: () => queries.invalidateQueries({ queryKey: listKey }),
  });
}

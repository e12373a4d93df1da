import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { outboxOverview, writeDetail, writeList } from '../../../src/desk/mend-contract.ts';
import { api, nothing } from '../ui/api.ts';

/** Whose writes: the viewer's own, or those of a connection (administrators). */
export type WritesOf = { own: true } | { connectionId: string };

const everything = ['writes'];

/** Writes that need attention or are on their way, looked at again every few seconds. */
export function useWrites(of: WritesOf) {
  const path = 'own' in of ? '/desk/writes' : `/outbox/writes?connectionId=${of.connectionId}`;
  return useQuery({
    queryKey: [...everything, path],
    queryFn: ({ signal }) => api.get(path, writeList, { signal }),
    refetchInterval: 5_000,
  });
}

export function useWrite(id: string) {
  return useQuery({
    queryKey: [...everything, id],
    queryFn: ({ signal }) => api.get(`/outbox/writes/${id}`, writeDetail, { signal }),
    // What is being edited must not change under the hand.
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** How the outbox of every connection is. */
export function useOutbox() {
  return useQuery({
    queryKey: [...everything, 'overview'],
    queryFn: ({ signal }) => api.get('/outbox', outboxOverview, { signal }),
    refetchInterval: 5_000,
  });
}

export function useWriteMending(id: string) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: everything });
  return {
    retry: useMutation({
      mutationFn: (fields: Record<string, string>) =>
        api.post(`/outbox/writes/${id}/retry`, { fields }, nothing),
      onSuccess,
    }),
    drop: useMutation({
      mutationFn: () => api.post(`/outbox/writes/${id}/drop`, undefined, nothing),
      onSuccess,
    }),
  };
}

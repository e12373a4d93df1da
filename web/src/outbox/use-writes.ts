import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { outboxOverview, writeDetail, writeList } from '../../../src/desk/mend-contract.ts';
import { api, nothing } from '../ui/api.ts';

const everything = ['writes'];

/** The viewer's own writes that need attention or are on their way, looked at again every few seconds. */
export function useOwnWrites() {
  return useQuery({
    queryKey: [...everything, 'own'],
    queryFn: ({ signal }) => api.get('/desk/writes', writeList, { signal }),
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

/** How the outbox of every connection is, and its open writes: asked for together, so that the numbers fit the list below them. */
export function useOutbox() {
  return useQuery({
    queryKey: [...everything, 'outbox'],
    queryFn: async ({ signal }) => {
      const { connections } = await api.get('/outbox', outboxOverview, { signal });
      const withWrites = connections.map(async (overview) => {
        const path = `/outbox/writes?connectionId=${overview.connectionId}`;
        return { ...overview, ...(await api.get(path, writeList, { signal })) };
      });
      return { connections: await Promise.all(withWrites) };
    },
    refetchInterval: 5_000,
  });
}

export type ConnectionOutbox = NonNullable<
  ReturnType<typeof useOutbox>['data']
>['connections'][number];

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

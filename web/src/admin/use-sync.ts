import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { syncView } from '../../../src/directory/contract.ts';
import type { SyncSettings, SyncView } from '../../../src/directory/contract.ts';
import { api } from '../ui/api.ts';

const keyOf = (id: string) => ['sync', id];

/** How the mirror of a connection is kept fresh; asked for more often while everything is being pulled. */
export function useSync(connectionId: string) {
  return useQuery({
    queryKey: keyOf(connectionId),
    queryFn: ({ signal }) => api.get(`/connections/${connectionId}/sync`, syncView, { signal }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isBusy(data) ? 1_000 : 5_000),
  });
}

export function isBusy(sync: SyncView): boolean {
  return sync.state === 'pulling' || (sync.everythingWanted && sync.state !== 'stopped');
}

/** 'Pull now', or with `everything` 'Pull everything again'. */
export function useSyncOrder(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (everything: boolean) =>
      api.post(`/connections/${connectionId}/sync`, { everything }, syncView),
    onSuccess: (sync) => client.setQueryData(keyOf(connectionId), sync),
  });
}

/** How often, and how long closed cases are kept. */
export function useSyncSettings(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: SyncSettings) =>
      api.put(`/connections/${connectionId}/sync`, settings, syncView),
    onSuccess: (sync) => client.setQueryData(keyOf(connectionId), sync),
  });
}

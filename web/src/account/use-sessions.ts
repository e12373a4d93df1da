import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { sessions } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';

const key = ['sessions'];

export function useSessions() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get('/sessions', sessions, { signal }),
  });
}

/** Ends one of the account's sessions. */
export function useSessionEnd() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/sessions/${encodeURIComponent(id)}`, nothing),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}

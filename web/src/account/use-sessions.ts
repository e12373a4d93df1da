import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, nothing } from '../ui/api.ts';
import { sessions } from './session.ts';

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

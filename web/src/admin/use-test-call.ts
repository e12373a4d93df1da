import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { latestTestCall, testCallStarted } from '../../../src/systems-check/test-call-contract.ts';
import { api } from '../ui/api.ts';

const key = ['test-call'];

/** The viewer's latest test call, asked for four times a second while it goes on; null: never placed one. */
export function useTestCall() {
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.get('/test-call', latestTestCall, { signal })).test,
    refetchInterval: (query) => (query.state.data?.status === 'running' ? 250 : false),
  });
}

/** Places one as if this phone system had told of it. */
export function usePlaceTestCall() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (phoneSystemId: string) =>
      api.post('/test-call', { phoneSystemId }, testCallStarted),
    onSuccess: ({ test }) => client.setQueryData(key, test),
  });
}

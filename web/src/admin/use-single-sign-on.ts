import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  singleSignOnInput,
  singleSignOnTest,
  singleSignOnView,
} from '../../../src/organization/single-sign-on-contract.ts';
import { api, nothing } from '../ui/api.ts';

export type SingleSignOnValues = z.input<typeof singleSignOnInput>;

const queryKey = ['single-sign-on'];

export function useSingleSignOn() {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get('/single-sign-on', singleSignOnView, { signal }),
  });
}

/** The changes take effect at the next sign-in. */
export function useSingleSignOnChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey });
  return {
    save: async (values: SingleSignOnValues) => {
      client.setQueryData(queryKey, await api.put('/single-sign-on', values, singleSignOnView));
    },
    remove: useMutation({
      mutationFn: (_id: string) => api.delete('/single-sign-on', nothing),
      onSuccess: refresh,
    }),
  };
}

/** Asks the provider once, when it is first looked at, and again on demand. */
export function useSingleSignOnTest() {
  return useQuery({
    queryKey: [...queryKey, 'test'],
    queryFn: ({ signal }) =>
      api.post('/single-sign-on/test', undefined, singleSignOnTest, { signal }),
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

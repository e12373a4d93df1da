import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { me } from '../../../src/organization/contract.ts';
import type { Me } from '../../../src/organization/contract.ts';
import { api } from './api.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get('/me', me, { signal, quiet: true }),
  staleTime: 60_000,
});

/** Who is signed in. Only below the shell route, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { organizationView } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';
import { meQuery } from '../ui/use-me.ts';

export const organizationQuery = queryOptions({
  queryKey: ['organization'],
  queryFn: ({ signal }) => api.get('/organization', organizationView, { signal }),
  // What became of a mail shows by itself.
  refetchInterval: ({ state: { data } }) =>
    data?.people.some(({ mail }) => mail?.state === 'waiting') === true ? 5_000 : false,
});

/** Everything that Manage Organization shows. */
export function useOrganization() {
  return useQuery(organizationQuery);
}

/** Fetches the organization anew, and what depends on it; call after every change that is not the Save at the top. */
export function useOrganizationRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries(organizationQuery),
      client.invalidateQueries({ queryKey: meQuery.queryKey }),
      client.invalidateQueries({ queryKey: ['crm-users'] }),
    ]);
  }, [client]);
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { crmUserOptions } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';

/** The pulled CRM users of a connection that match `search`, active ones first; asked for only while `enabled`. */
export function useCrmUsers(connectionId: string, search: string, enabled: boolean) {
  const query = new URLSearchParams({ search: search.slice(0, 200), limit: '50' });
  return useQuery({
    queryKey: ['crm-users', connectionId, search],
    queryFn: ({ signal }) =>
      api.get(`/connections/${connectionId}/users?${query}`, crmUserOptions, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    enabled,
  });
}

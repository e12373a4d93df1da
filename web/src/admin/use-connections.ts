import { useMutation, useQuery } from '@tanstack/react-query';
import {
  connectionRow,
  connectionSaved,
  crmPlatforms,
} from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { useOrganizationRefresh } from './use-organization.ts';

/** The CRM platforms on offer, with the fields of their forms. */
export function useCrmPlatforms() {
  return useQuery({
    queryKey: ['crm-platforms'],
    queryFn: ({ signal }) => api.get('/crm-platforms', crmPlatforms, { signal }),
    staleTime: 600_000,
  });
}

/** Picks a platform; the connection is empty until its settings are saved. */
export function useConnectionCreate() {
  const refresh = useOrganizationRefresh();
  return useMutation({
    mutationFn: (platform: string) => api.post('/connections', { platform }, connectionRow),
    onSuccess: refresh,
  });
}

/** Saves the settings of a connection; throws ProblemError with what is wrong at which field. */
export function useConnectionSave(id: string) {
  const refresh = useOrganizationRefresh();
  return async (settings: Record<string, string>) => {
    const saved = await api.put(`/connections/${id}`, { settings }, connectionSaved);
    await refresh();
    return saved;
  };
}

export function useConnectionRemove() {
  const refresh = useOrganizationRefresh();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/connections/${id}`, nothing),
    onSuccess: refresh,
  });
}

import { useMutation, useQuery } from '@tanstack/react-query';
import {
  connectionRow,
  connectionSaved,
  crmPlatforms,
} from '../../../src/organization/contract.ts';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
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

/**
 * The CRM user and host of a connection, to tell two of the same platform apart. What the fields are called is the
 * platform's business: the first URL is where it is, the first other text is who signs in.
 */
export function accountOf(connection: ConnectionRow): { user: string; host: string } | null {
  const values = Object.values(connection.settings).filter((value) => value !== '');
  const url = values.find((value) => URL.canParse(value));
  const user = values.find((value) => !URL.canParse(value));
  if (url === undefined && user === undefined) return null;
  return { user: user ?? '', host: url === undefined ? '' : new URL(url).host };
}

/** What a column or tab of this connection is called: the platform, and the host where there are several of it. */
export function connectionLabel(connection: ConnectionRow, all: readonly ConnectionRow[]): string {
  const same = all.filter((one) => one.title === connection.title);
  if (same.length < 2) return connection.title;
  const host = accountOf(connection)?.host || `no. ${same.indexOf(connection) + 1}`;
  return `${connection.title} (${host})`;
}

import { useMutation, useQuery } from '@tanstack/react-query';
import {
  callerTemplate,
  phoneSystemCreated,
  phoneSystemKindViews,
  phoneSystemRow,
} from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { useOrganizationRefresh } from './use-organization.ts';

/** The kinds of phone systems on offer, with the fields of their forms. */
export function usePhoneSystemKinds() {
  return useQuery({
    queryKey: ['phone-system-kinds'],
    queryFn: ({ signal }) => api.get('/phone-system-kinds', phoneSystemKindViews, { signal }),
    staleTime: 600_000,
  });
}

/** The changes that can be made to phone systems; each takes effect at once. */
export function usePhoneSystemChanges() {
  const refresh = useOrganizationRefresh();
  return {
    /** The answer holds the hook URL, which is told only this once. */
    create: async (input: { name: string; kind: string; settings?: Record<string, string> }) => {
      const created = await api.post('/phone-systems', input, phoneSystemCreated);
      void refresh();
      return created;
    },
    change: async (
      id: string,
      change: { name: string; hmacSecret?: string; settings?: Record<string, string> },
    ) => {
      await api.put(`/phone-systems/${id}`, change, phoneSystemRow);
      await refresh();
    },
  };
}

/** A new token: the hook URL that was in use stops at once. */
export function useTokenRenew() {
  return useMutation({
    mutationFn: (id: string) => api.post(`/phone-systems/${id}/token`, {}, phoneSystemCreated),
  });
}

/** A file for the phone system, with a new address in it. */
export function useCallerTemplate() {
  return useMutation({
    mutationFn: (id: string) =>
      api.post(`/phone-systems/${id}/caller-template`, {}, callerTemplate),
  });
}

export function usePhoneSystemRemove() {
  const refresh = useOrganizationRefresh();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/phone-systems/${id}`, nothing),
    onSuccess: refresh,
  });
}

import { useMutation } from '@tanstack/react-query';
import { phoneSystemCreated, phoneSystemRow } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { useOrganizationRefresh } from './use-organization.ts';

/** The changes that can be made to phone systems; each takes effect at once. */
export function usePhoneSystemChanges() {
  const refresh = useOrganizationRefresh();
  return {
    /** The answer holds the hook URL, which is told only this once. */
    create: async (name: string) => {
      const created = await api.post(
        '/phone-systems',
        { name, kind: 'webhook' },
        phoneSystemCreated,
      );
      void refresh();
      return created;
    },
    change: async (id: string, change: { name: string; hmacSecret?: string }) => {
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

export function usePhoneSystemRemove() {
  const refresh = useOrganizationRefresh();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/phone-systems/${id}`, nothing),
    onSuccess: refresh,
  });
}

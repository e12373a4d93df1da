import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  deliveryList,
  webhookCreated,
  webhookInput,
  webhookList,
  webhookRow,
} from '../../../src/organization/webhook-contract.ts';
import { api, nothing } from '../ui/api.ts';

export type WebhookValues = z.input<typeof webhookInput>;

export function useWebhooks() {
  return useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => api.get('/webhooks', webhookList, { signal }),
  });
}

/** The changes that can be made to webhooks; each takes effect within seconds. */
export function useWebhookChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['webhooks'] });
  return {
    /** The answer holds the secret, which is told only this once. */
    create: async (values: WebhookValues) => {
      const created = await api.post('/webhooks', values, webhookCreated);
      void refresh();
      return created;
    },
    change: async (id: string, values: WebhookValues) => {
      await api.put(`/webhooks/${id}`, values, webhookRow);
      await refresh();
    },
    remove: useMutation({
      mutationFn: (id: string) => api.delete(`/webhooks/${id}`, nothing),
      onSuccess: refresh,
    }),
  };
}

/** The log of a webhook, read again every few seconds while it is looked at. */
export function useDeliveries(id: string) {
  return useQuery({
    queryKey: ['webhooks', id, 'deliveries'],
    queryFn: ({ signal }) => api.get(`/webhooks/${id}/deliveries`, deliveryList, { signal }),
    refetchInterval: 3_000,
  });
}

export function useSendAgain(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deliveryId: string) =>
      api.post(`/webhooks/${id}/deliveries/${deliveryId}/send`, undefined, nothing),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks', id, 'deliveries'] }),
  });
}

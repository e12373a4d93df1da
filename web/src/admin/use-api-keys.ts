import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  apiKeyCreated,
  apiKeyInput,
  apiKeyList,
} from '../../../src/organization/api-key-contract.ts';
import { api, nothing } from '../ui/api.ts';

export type ApiKeyValues = z.input<typeof apiKeyInput>;

export function useApiKeys() {
  return useQuery({
    queryKey: ['api-keys'],
    queryFn: ({ signal }) => api.get('/api-keys', apiKeyList, { signal }),
  });
}

export function useApiKeyChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['api-keys'] });
  return {
    /** The answer holds the key, which is told only this once. */
    create: async (values: ApiKeyValues) => {
      const created = await api.post('/api-keys', values, apiKeyCreated);
      void refresh();
      return created;
    },
    revoke: useMutation({
      mutationFn: (id: string) => api.delete(`/api-keys/${id}`, nothing),
      onSuccess: refresh,
    }),
  };
}

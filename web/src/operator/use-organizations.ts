import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  operatedInvitation,
  operatedOrganization,
  operatedOrganizationCreated,
  operatedOrganizationInput,
  operatedOrganizations,
} from '../../../src/organization/operator-contract.ts';
import type { Plan } from '../../../src/organization/plan.ts';
import { api } from '../ui/api.ts';

export type OrganizationValues = z.input<typeof operatedOrganizationInput>;

const path = '/operator/organizations';
const queryKey = ['operated-organizations'];

export function useOrganizations() {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get(path, operatedOrganizations, { signal }),
  });
}

/** What an operator does with organizations. */
export function useOrganizationChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey });
  return {
    /** The answer holds the first administrator's link, which is told only this once. */
    create: async (values: OrganizationValues) => {
      const created = await api.post(path, values, operatedOrganizationCreated);
      void refresh();
      return created;
    },
    giveSeats: async (id: string, seats: Record<Plan, number>) => {
      await api.put(`${path}/${id}/seats`, { seats }, operatedOrganization);
      await refresh();
    },
    suspend: useMutation({
      mutationFn: ({ id, suspended }: { id: string; suspended: boolean }) =>
        api.post(
          `${path}/${id}/${suspended ? 'suspend' : 'resume'}`,
          undefined,
          operatedOrganization,
        ),
      onSuccess: refresh,
    }),
    invite: useMutation({
      mutationFn: (id: string) =>
        api.post(`${path}/${id}/invitation`, undefined, operatedInvitation),
    }),
  };
}

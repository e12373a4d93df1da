import { useMutation } from '@tanstack/react-query';
import { invitationCreated, personCreated } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { useOrganizationRefresh } from './use-organization.ts';

/** Invites a person; the answer holds the link, which is told only this once. */
export function usePersonCreate() {
  const refresh = useOrganizationRefresh();
  return async (person: unknown) => {
    const created = await api.post('/people', person, personCreated);
    void refresh();
    return created;
  };
}

/** Sends a new link by mail; nobody else sees it. */
export function useInvitationMail() {
  const refresh = useOrganizationRefresh();
  return useMutation({
    mutationFn: (personId: string) => api.post(`/people/${personId}/mail`, undefined, nothing),
    onSuccess: refresh,
  });
}

/** Makes a new invitation link; the old one is void. */
export function useInvitationRenew() {
  return useMutation({
    mutationFn: (personId: string) =>
      api.post(`/people/${personId}/invitation`, {}, invitationCreated),
  });
}

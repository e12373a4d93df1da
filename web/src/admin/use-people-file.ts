import { useMutation, useQuery } from '@tanstack/react-query';
import {
  emailMatches,
  importDone,
  importPreview,
} from '../../../src/organization/people-csv-contract.ts';
import { api } from '../ui/api.ts';
import { useOrganizationRefresh } from './use-organization.ts';

/** CRM users by the e-mail addresses of people, asked for anew each time the pop-up opens. */
export function useEmailMatches(connectionId: string) {
  return useQuery({
    queryKey: ['email-matches', connectionId],
    queryFn: ({ signal }) =>
      api.get(`/connections/${connectionId}/email-matches`, emailMatches, { signal }),
    gcTime: 0,
  });
}

/** What an import would do. A session that ended meanwhile must not take unsaved edits along. */
export function useImportPreview() {
  return useMutation({
    mutationFn: (csv: string) =>
      api.post('/people/import/preview', { csv }, importPreview, { quiet: true }),
  });
}

export function usePeopleImport() {
  const refresh = useOrganizationRefresh();
  return useMutation({
    mutationFn: (input: { csv: string; version: number; sendMail: boolean }) =>
      api.post('/people/import', input, importDone, { quiet: true }),
    onSuccess: () => void refresh(),
  });
}

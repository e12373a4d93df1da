import { useQuery } from '@tanstack/react-query';
import { caseChoices } from '../../../src/directory/contract.ts';
import { api } from '../ui/api.ts';
import { useForm } from './organization-context.ts';

/** What the primary connection's CRM offers for a case; asked for only while `wanted`, and nothing without a connection. */
export function useCaseChoices(wanted: boolean) {
  const primary = useForm().draft.connections.find((connection) => connection.primary)?.id;
  return useQuery({
    queryKey: ['case-choices', primary],
    queryFn: ({ signal }) =>
      api.get(`/connections/${primary ?? ''}/case-choices`, caseChoices, { signal }),
    staleTime: 60_000,
    enabled: wanted && primary !== undefined,
  });
}

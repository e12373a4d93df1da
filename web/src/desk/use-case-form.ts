import { useQuery } from '@tanstack/react-query';
import { caseForm } from '../../../src/desk/work-contract.ts';
import { api } from '../ui/api.ts';

/** Templates and choice lists for a call; read ahead, so that forms open at once. */
export function useCaseForm(callId: string) {
  return useQuery({
    queryKey: ['case-form', callId],
    queryFn: ({ signal }) => api.get(`/desk/calls/${callId}/case/form`, caseForm, { signal }),
    staleTime: 60_000,
  });
}

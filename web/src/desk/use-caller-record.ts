import { useQuery } from '@tanstack/react-query';
import { callerRecord } from '../../../src/desk/caller-contract.ts';
import { api } from '../ui/api.ts';

/** A person or company as the CRM has it now. */
export function useCallerRecord(callId: string, key: string) {
  return useQuery({
    queryKey: ['caller-record', callId, key],
    queryFn: ({ signal }) =>
      api.get(`/desk/pops/${callId}/record?${new URLSearchParams({ key })}`, callerRecord, {
        signal,
      }),
    // Read when the form opens; while it is filled in nothing changes under it.
    staleTime: Infinity,
    gcTime: 0,
  });
}

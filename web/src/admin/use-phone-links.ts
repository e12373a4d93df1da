import { useQuery } from '@tanstack/react-query';
import { phoneLinkRows } from '../../../src/calls/phone-link-contract.ts';
import type { PhoneLinkRow } from '../../../src/calls/phone-link-contract.ts';
import { api } from '../ui/api.ts';

/** The links to phone systems as they are now, by phone system; kept up to date while they are looked at. */
export function usePhoneLinks(): ReadonlyMap<string, PhoneLinkRow> {
  const { data = [] } = useQuery({
    queryKey: ['phone-links'],
    queryFn: ({ signal }) => api.get('/phone-links', phoneLinkRows, { signal }),
    refetchInterval: 3_000,
  });
  return new Map(data.map((link) => [link.phoneSystemId, link]));
}

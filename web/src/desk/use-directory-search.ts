import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { searchAnswer } from '../../../src/directory/contract.ts';
import type { SearchKind } from '../../../src/directory/contract.ts';
import { api } from '../ui/api.ts';

/** What the directory has for a text; what was found before stays until the answer is there. Nothing is asked for an empty text. */
export function useDirectorySearch(q: string, kinds?: readonly SearchKind[]) {
  return useQuery({
    queryKey: ['directory-search', q, kinds],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        q,
        ...(kinds === undefined ? {} : { kinds: kinds.join() }),
      });
      return api.get(`/directory/search?${query}`, searchAnswer, { signal });
    },
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

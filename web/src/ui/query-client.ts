import { QueryClient } from '@tanstack/react-query';
import { asProblem } from './problem.ts';

/** Answers stay fresh for a few seconds; only what may heal by itself (no answer, a busy server) is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => {
        const { status } = asProblem(error);
        return count < 2 && (status === 0 || status >= 500);
      },
    },
  },
});

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import {
  houseCheckStarted,
  latestHouseCheck,
  supportReport,
} from '../../../src/systems-check/house-contract.ts';
import type { FailedConnection, HouseRun } from '../../../src/systems-check/house-contract.ts';
import { api } from '../ui/api.ts';
import { asProblem } from '../ui/problem.ts';
import type { ProblemError } from '../ui/problem.ts';

export interface HouseCheck {
  /** The latest run; null when there never was one, undefined until that is known. */
  run: HouseRun | null | undefined;
  /** Why a run could not be started or read. */
  problem: ProblemError | null;
  start: () => void;
}

const key = ['house-check'];
const bannerEveryMs = 5 * 60_000;

const latest = ({ signal }: { signal: AbortSignal }) =>
  api.get('/house-check', latestHouseCheck, { signal });

/** The latest check and what failed of the connections, as pages in passing know it; undefined until it is known. */
export function useLastChecks():
  | { run: HouseRun | null; connections: FailedConnection[] }
  | undefined {
  return useQuery({ queryKey: key, queryFn: latest, refetchInterval: bannerEveryMs }).data;
}

/** Has it read anew: a check of a connection has ended. */
export function useChecksRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: key }), [client]);
}

/** The check of the house, asked for twice a second while the pop-up shows one that runs. */
export function useHouseCheck(opened: boolean): HouseCheck {
  const client = useQueryClient();
  const [refused, setRefused] = useState<ProblemError | null>(null);
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: latest,
    enabled: opened,
    refetchInterval: (query) => (query.state.data?.run?.status === 'running' ? 500 : false),
  });
  const start = useCallback(() => {
    setRefused(null);
    api.post('/house-check', {}, houseCheckStarted).then(
      ({ run }) =>
        client.setQueryData<typeof data>(key, (before) => ({
          connections: before?.connections ?? [],
          run,
        })),
      (failure: unknown) => setRefused(asProblem(failure)),
    );
  }, [client]);
  return {
    run: data?.run,
    problem: refused ?? (error === null ? null : asProblem(error)),
    start,
  };
}

/** The report for support, made when it is asked for. */
export function useSupportReport(wanted: boolean, runId: string | undefined) {
  return useQuery({
    queryKey: ['house-check-report', runId],
    queryFn: async ({ signal }) =>
      (await api.get('/house-check/report', supportReport, { signal })).text,
    enabled: wanted,
    gcTime: 0,
  });
}

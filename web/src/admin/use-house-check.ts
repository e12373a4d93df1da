import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { z } from 'zod';
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

type LatestHouseCheck = z.infer<typeof latestHouseCheck>;

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
  /** The ended run that was shown when another was asked for: no longer told as the result. */
  const [overtaken, setOvertaken] = useState<string | null>(null);
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: latest,
    enabled: opened,
    refetchInterval: (query) => (query.state.data?.run?.status === 'running' ? 500 : false),
  });
  const shown = data?.run;
  const start = useCallback(() => {
    setRefused(null);
    setOvertaken(shown && shown.status !== 'running' ? shown.id : null);
    api.post('/house-check', {}, houseCheckStarted).then(
      ({ run }) => showStarted(client, run),
      (failure: unknown) => {
        setOvertaken(null);
        setRefused(asProblem(failure));
      },
    );
  }, [client, shown]);
  return {
    run: shown && shown.id === overtaken ? waitingAgain(shown) : shown,
    problem: refused ?? (error === null ? null : asProblem(error)),
    start,
  };
}

async function showStarted(client: QueryClient, run: HouseRun): Promise<void> {
  // What was asked before may be answered after this, with an older state.
  await client.cancelQueries({ queryKey: key });
  client.setQueryData<LatestHouseCheck>(key, (before) => ({
    connections: before?.connections ?? [],
    run: before?.run?.id === run.id ? before.run : run,
  }));
}

function waitingAgain(run: HouseRun): HouseRun {
  const steps = run.steps.map((step) => ({
    ...step,
    ...{ status: 'waiting' as const, code: null, detail: '', fix: null, ms: null },
  }));
  return { ...run, status: 'running', steps };
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

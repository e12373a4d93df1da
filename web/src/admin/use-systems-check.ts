import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { checkStarted, latestCheck } from '../../../src/systems-check/contract.ts';
import type { CheckRun } from '../../../src/systems-check/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { asProblem } from '../ui/problem.ts';
import type { ProblemError } from '../ui/problem.ts';
import { useChecksRefresh, useHouseCheck } from './use-house-check.ts';
import type { HouseCheck } from './use-house-check.ts';
import { useOrganizationRefresh } from './use-organization.ts';

export interface SystemsCheck {
  opened: boolean;
  /** A run is under way on some connection. */
  running: boolean;
  /** Connection whose result is in front, or {@link theHouse}. */
  front: string;
  /** Latest run by connection id. */
  runs: Readonly<Record<string, CheckRun | null>>;
  /** Why a run could not be started or read, by connection id. */
  problems: Readonly<Record<string, ProblemError>>;
  /** Opens the pop-up and starts, or joins, a run on every connection that has a credential, and one of the house. */
  start: () => void;
  /** What Ringside itself stands on. */
  house: HouseCheck;
  /** Opens the pop-up on the check of the house and starts it alone. */
  startHouse: () => void;
  /** Opens the pop-up on the last result. */
  show: (connectionId: string) => void;
  /** Starts one connection again. */
  again: (connectionId: string) => void;
  cancel: (run: CheckRun) => void;
  close: () => void;
}

/** In place of a connection's id. */
export const theHouse = 'house';
export const theTestCall = 'test-call';

const keyOf = (id: string) => ['systems-check', id];

/** Runs of the Systems Check, asked for twice a second while the pop-up shows one that runs. */
export function useSystemsCheck(connections: readonly ConnectionRow[]): SystemsCheck {
  const client = useQueryClient();
  const refresh = useOrganizationRefresh();
  const refreshChecks = useChecksRefresh();
  const [opened, setOpened] = useState(false);
  const [front, setFront] = useState<string>(theHouse);
  const house = useHouseCheck(opened);
  const [refused, setRefused] = useState<Readonly<Record<string, ProblemError>>>({});
  const ready = useMemo(() => connections.filter(({ state }) => state !== 'new'), [connections]);

  const results = useQueries({
    queries: ready.map(({ id }) => ({
      queryKey: keyOf(id),
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await api.get(`/connections/${id}/systems-check`, latestCheck, { signal })).run,
      refetchInterval: (query: { state: { data: CheckRun | null | undefined } }) => {
        if (query.state.data?.status !== 'running') return false;
        return opened ? 500 : 2000;
      },
    })),
  });
  const runs = Object.fromEntries(ready.map(({ id }, index) => [id, results[index]?.data ?? null]));
  const running = Object.values(runs).some((run) => run?.status === 'running');
  const unread = ready.flatMap(({ id }, index) => {
    const error = results[index]?.error;
    return error == null ? [] : [[id, asProblem(error)] as const];
  });

  // Once a run ends there are users to map, and the lights may have changed.
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !running) void Promise.all([refresh(), refreshChecks()]);
    wasRunning.current = running;
  }, [running, refresh, refreshChecks]);

  const again = useCallback(
    (id: string) => {
      setRefused((before) =>
        Object.fromEntries(Object.entries(before).filter(([key]) => key !== id)),
      );
      api.post(`/connections/${id}/systems-check`, {}, checkStarted).then(
        ({ run }) => showStarted(client, run),
        (error: unknown) => setRefused((before) => ({ ...before, [id]: asProblem(error) })),
      );
    },
    [client],
  );

  const open = (id: string) => {
    setFront(id);
    setOpened(true);
  };
  return {
    ...{ opened, running, front, runs, again, house },
    problems: { ...Object.fromEntries(unread), ...refused },
    start: () => {
      const primary = ready.find((one) => one.primary) ?? ready[0];
      open(primary?.id ?? connections[0]?.id ?? theHouse);
      for (const { id } of ready.toSorted((a, b) => Number(b.primary) - Number(a.primary)))
        again(id);
      house.start();
    },
    startHouse: () => {
      open(theHouse);
      house.start();
    },
    show: open,
    cancel: ({ id, connectionId: of }) => {
      api.post(`/connections/${of}/systems-check/${id}/cancel`, {}, nothing).then(
        () => client.invalidateQueries({ queryKey: keyOf(of) }),
        (error: unknown) => setRefused((before) => ({ ...before, [of]: asProblem(error) })),
      );
    },
    close: () => setOpened(false),
  };
}

async function showStarted(client: QueryClient, run: CheckRun): Promise<void> {
  const queryKey = keyOf(run.connectionId);
  // What was asked before may be answered after this, with an older state.
  await client.cancelQueries({ queryKey });
  client.setQueryData<CheckRun | null>(queryKey, (before) =>
    before?.id === run.id ? before : run,
  );
}

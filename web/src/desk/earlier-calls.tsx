import { Anchor, Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { earlierCalls } from '../../../src/desk/earlier-call-contract.ts';
import type { EarlierCall } from '../../../src/desk/earlier-call-contract.ts';
import { CallSummaryLines } from '../calls/call-summary.tsx';
import { directionText, resultName } from '../calls/wording.ts';
import { api } from '../ui/api.ts';
import { dateTime } from '../ui/moment.ts';
import { useMay } from '../ui/use-may.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { Panel } from './panel.tsx';
import { useShortcut } from './use-shortcut.ts';
import { ago, clockText } from './wording.ts';
import classes from './earlier-calls.module.css';

interface EarlierCallsProps {
  pop: Pop;
  /** Who is shown; null: nobody, then these are calls with the number. */
  candidate: Candidate | null;
  now: number;
}

/** The last calls with the caller, newest first, with what colleagues noted. They come with the pop; older ones on request. */
export function EarlierCalls({ pop, candidate, now }: EarlierCallsProps) {
  const { calls, next } = pop.card.earlier;
  const older = useOlderCalls(pop.callId, next);
  const list = useRef<HTMLUListElement>(null);
  useShortcut('earlier-calls', () => list.current?.querySelector('a')?.focus(), calls.length > 0);
  const may = useMay('earlier-calls');
  if (!may) return null;
  if (calls.length === 0)
    return candidate === null ? null : (
      <Panel title="Earlier calls">
        <Text size="sm" c="dimmed">
          No earlier calls.
        </Text>
      </Panel>
    );
  const shown = [...calls, ...(older.data?.pages.flatMap((page) => page.calls) ?? [])];
  const more = older.data === undefined ? next !== null : older.hasNextPage;
  return (
    <Panel title={candidate === null ? 'Earlier calls with this number' : 'Earlier calls'}>
      <ul ref={list} className={classes.calls}>
        {shown.map((call) => (
          <li key={call.id} className={classes.call}>
            <CallLine call={call} now={now} />
            <CallSummaryLines summary={call} lines={4} />
          </li>
        ))}
      </ul>
      {older.error !== null && (
        <ProblemAlert error={older.error} title="Older calls could not be loaded" />
      )}
      {more && (
        <Button
          variant="subtle"
          size="compact-sm"
          ml={-8}
          loading={older.isFetching}
          onClick={() => void (older.data === undefined ? older.refetch() : older.fetchNextPage())}
        >
          Show older calls
        </Button>
      )}
    </Panel>
  );
}

/** 'Nov 23, 2026, 10:42 · Inbound · Answered 4:05 · Alice Adams' */
function CallLine({ call, now }: { call: EarlierCall; now: number }) {
  const { secondsTalked, agent, otherParty, queue } = call;
  const talked = secondsTalked === null ? '' : ` ${clockText(secondsTalked)}`;
  const parts = [
    directionText(call),
    `${resultName(call.result)}${talked}`,
    agent ?? '',
    queue ?? '',
    otherParty === '' ? '' : `with ${otherParty}`,
  ];
  return (
    <p className={classes.line} title={ago(call.startedAt, now)}>
      <Anchor
        inherit
        underline="always"
        className="tabular"
        renderRoot={(props) => <Link {...props} to="/calls/$callId" params={{ callId: call.id }} />}
      >
        {dateTime(call.startedAt)}
      </Anchor>
      <span className={classes.about}>{parts.filter((part) => part !== '').join(' · ')}</span>
    </p>
  );
}

/** What is before `next`, once somebody asks for it. */
function useOlderCalls(callId: string, next: string | null) {
  return useInfiniteQuery({
    queryKey: ['earlier-calls', callId, next],
    enabled: false,
    initialPageParam: next ?? '',
    queryFn: ({ pageParam, signal }) =>
      api.get(
        `/desk/calls/${callId}/earlier?after=${encodeURIComponent(pageParam)}`,
        earlierCalls,
        { signal },
      ),
    getNextPageParam: (page) => page.next,
  });
}

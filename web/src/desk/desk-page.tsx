import { Loader } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { CallerNumber, Pop } from '../../../src/desk/contract.ts';
import type { Me } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { meQuery, useMe } from '../ui/use-me.ts';
import { BlockedDesk } from './blocked-desk.tsx';
import { CallDialog } from './call-dialog.tsx';
import { DeskAnnouncer } from './desk-announcer.tsx';
import { DeskActionsContext } from './desk-actions.ts';
import type { DeskView } from './desk-view.ts';
import { LineStatus, Notices } from './line-status.tsx';
import { LostLinks } from './lost-links.tsx';
import { PopCard } from './pop-card.tsx';
import { QuietDesk } from './quiet-desk.tsx';
import { RecentCalls } from './recent-calls.tsx';
import { ShortcutsLayer } from './shortcuts-layer.tsx';
import { useDesk } from './use-desk.ts';
import classes from './desk-page.module.css';

/** The agent's page: who is calling now, and the calls of the last minutes. */
export default function DeskPage() {
  const me = useMe();
  const { view, apply } = useDesk(me.person.id);
  useFreshMe(view);
  const choice = useMutation({
    mutationFn: ({ callId, key }: { callId: string; key: string }) =>
      api.post(`/desk/pops/${callId}/match`, { key }, popSchema),
    onSuccess: (pop) => apply({ type: 'pop', pop }),
  });
  const dismissal = useMutation({
    mutationFn: (callId: string) => api.post(`/desk/pops/${callId}/dismiss`, undefined, nothing),
    onSuccess: (_, callId) =>
      apply({
        type: 'gone',
        gone: { callId, reason: 'dismissed', by: null },
        receivedAt: Date.now(),
      }),
  });
  const [opened, setOpened] = useState<string | null>(null);
  const [calling, setCalling] = useState<CallerNumber | null>(null);
  const { whole, rows } = layOut(view.pops, opened);

  return (
    <div className={classes.desk}>
      <DeskAnnouncer view={view} />
      <div className={classes.pageTop}>
        <Heading />
        <LineStatus
          line={view.line}
          extension={view.blocked === null ? me.person.extension : null}
        />
      </div>
      <LostLinks links={view.phoneLinks} />
      <Notices notices={view.notices} />
      {choice.error !== null && (
        <ProblemAlert error={choice.error} title="The caller was not chosen." />
      )}
      {dismissal.error !== null && (
        <ProblemAlert error={dismissal.error} title="The call was not dismissed." />
      )}
      <DeskActionsContext value={{ apply, call: view.canCall ? setCalling : null }}>
        {(whole.length === 0 || view.blocked !== null) && <Waiting view={view} me={me} />}
        {whole.map((pop) => (
          <PopCard
            key={pop.callId}
            pop={pop}
            clockOffset={view.clockOffset}
            choosing={choice.isPending && choice.variables.callId === pop.callId}
            onChoose={(key) => choice.mutate({ callId: pop.callId, key })}
            onDismiss={() => dismissal.mutate(pop.callId)}
          />
        ))}
        {calling !== null && <CallDialog caller={calling} onClose={() => setCalling(null)} />}
        <RecentCalls
          pops={rows}
          clockOffset={view.clockOffset}
          onOpen={setOpened}
          onDismiss={(callId) => dismissal.mutate(callId)}
        />
      </DeskActionsContext>
      <ShortcutsLayer />
    </div>
  );
}

/**
 * Calls that are up are shown whole. So is one that ended: the one the agent opened, or the last while no other is up,
 * because its agent is still working on it.
 */
function layOut(pops: Pop[], opened: string | null): { whole: Pop[]; rows: Pop[] } {
  const ended = pops.filter((pop) => pop.state === 'ended');
  const last = ended.length === pops.length ? ended[0] : undefined;
  const open = ended.find((pop) => pop.callId === opened) ?? last;
  const isWhole = (pop: Pop) => pop.state !== 'ended' || pop === open;
  return { whole: pops.filter(isWhole), rows: pops.filter((pop) => !isWhole(pop)) };
}

/** What stands where the call would be. */
function Waiting({ view, me }: { view: DeskView; me: Me }) {
  if (view.line === 'connecting') {
    return (
      <div className={classes.quiet}>
        <Loader size="sm" type="dots" aria-label="Opening your Desk" />
      </div>
    );
  }
  return view.blocked === null ? (
    <QuietDesk me={me} />
  ) : (
    <BlockedDesk blocked={view.blocked} me={me} />
  );
}

function Heading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} className={classes.pageTitle} data-page-heading tabIndex={-1}>
      Desk
    </h1>
  );
}

/** An administrator changed what this person may see: read again who we are, such as the extension. */
function useFreshMe(view: DeskView): void {
  const queries = useQueryClient();
  const [seen, setSeen] = useState(view.blocked);
  if (view.line !== 'connecting' && seen !== view.blocked) setSeen(view.blocked);
  useEffect(() => void queries.invalidateQueries(meQuery), [queries, seen]);
}

import { Loader } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Pop } from '../../../src/desk/contract.ts';
import type { Me } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { usePageTitle } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useMe } from '../ui/use-me.ts';
import { BlockedDesk } from './blocked-desk.tsx';
import { CallStack } from './call-stack.tsx';
import { useDeskActions } from './desk-actions.ts';
import { useDeskView } from './desk-provider.tsx';
import { useShownPops } from './use-shown-pops.ts';
import type { DeskView } from './desk-view.ts';
import { LineStatus, Notices } from './line-status.tsx';
import { LostLinks } from './lost-links.tsx';
import { NeedsAttention } from './needs-attention.tsx';
import { QuietDesk } from './quiet-desk.tsx';
import { callerLine } from './wording.ts';
import { useLeftDrafts } from './use-note.ts';
import { RecentCalls } from './recent-calls.tsx';
import classes from './desk-page.module.css';

/** The agent's page: who is calling now, and the calls of the last minutes. */
export default function DeskPage() {
  const me = useMe();
  const { view, openCall, open } = useDeskView();
  const { apply, ask } = useDeskActions();
  useShownPops(view.pops);
  useLeftDrafts();
  const choice = useMutation({
    mutationFn: ({ callId, key }: { callId: string; key: string }) =>
      ask(() => api.post(`/desk/pops/${callId}/match`, { key }, popSchema)),
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
  const isShown = (pop: Pop) => pop.state !== 'ended' || pop.callId === openCall;
  const dismiss = (callId: string) => dismissal.mutate(callId);

  return (
    <div className={classes.desk}>
      <div className={classes.pageTop}>
        <Heading open={view.pops.find(({ callId }) => callId === openCall)} />
        <LineStatus
          line={view.line}
          extension={view.blocked === null ? me.person.extension : null}
        />
      </div>
      <LostLinks links={view.phoneLinks} />
      <Notices notices={view.notices} />
      <NeedsAttention />
      {choice.error !== null && (
        <ProblemAlert error={choice.error} title="The caller was not chosen." />
      )}
      {dismissal.error !== null && (
        <ProblemAlert error={dismissal.error} title="The call was not dismissed." />
      )}
      {(!view.pops.some(isShown) || view.blocked !== null) && <Waiting view={view} me={me} />}
      <CallStack
        pops={view.pops}
        openCall={openCall}
        clockOffset={view.clockOffset}
        choosing={choice.isPending ? choice.variables.callId : null}
        onOpen={open}
        onChoose={(callId, key) => choice.mutate({ callId, key })}
        onDismiss={dismiss}
      />
      <RecentCalls
        pops={view.pops.filter((pop) => !isShown(pop))}
        clockOffset={view.clockOffset}
        onOpen={open}
        onDismiss={dismiss}
      />
    </div>
  );
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

/** The window is named after whoever is shown, so that a tab in the background still says with whom one talks. */
function Heading({ open }: { open: Pop | undefined }) {
  const heading = usePageTitle(open === undefined ? 'Desk' : callerLine(open).slice(0, 80));
  return (
    <h1 ref={heading} className={classes.pageTitle} data-page-heading tabIndex={-1}>
      Desk
    </h1>
  );
}

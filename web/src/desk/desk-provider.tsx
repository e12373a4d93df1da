import { createContext, useContext, useState } from 'react';
import type { ReactNode } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import type { Me } from '../../../src/organization/contract.ts';
import { CallAlerts } from './call-alerts.tsx';
import { CallDialog } from './call-dialog.tsx';
import type { DialRequest } from './call-dialog.tsx';
import { whyNoCalls } from './cannot-call.ts';
import { DeskActionsContext } from './desk-actions.ts';
import { DeskAnnouncer } from './desk-announcer.tsx';
import { emptyView } from './desk-view.ts';
import type { DeskView } from './desk-view.ts';
import { ShortcutsLayer } from './shortcuts-layer.tsx';
import { useDesk } from './use-desk.ts';
import { useDialLink } from './use-dial-link.ts';
import { useFreshMe } from './use-fresh-me.ts';
import { useOpenCall } from './use-open-call.ts';

interface Desk {
  view: DeskView;
  /** The call that is shown whole. */
  openCall: string | null;
  open(callId: string): void;
}

const DeskContext = createContext<Desk>({ view: emptyView, openCall: null, open: () => undefined });

/** The agent's calls as they stand, on every page. */
export function useDeskView(): Desk {
  return useContext(DeskContext);
}

/**
 * Keeps the line to the hub open on every page of the app, so that a call is announced wherever the agent is, and numbers can be called
 * from everywhere.
 */
export function DeskProvider({ me, children }: { me: Me; children: ReactNode }) {
  const { view, apply } = useDesk(me.person.id);
  useFreshMe(view);
  const { callId: openCall, open } = useOpenCall(view.line === 'connecting' ? null : view.pops);
  const [dialling, setDialling] = useState<DialRequest | null>(null);
  useDialLink((number) => setDialling({ number, fromLink: true }));
  const ask = async (request: () => Promise<Pop>) => {
    const { turn } = view;
    const pop = await request();
    apply({ type: 'answer', pop, turn });
    return pop;
  };
  const mayCall = !me.person.mayNot.includes('click-to-call');
  const call = mayCall ? (number: DialRequest['number']) => setDialling({ number }) : null;
  return (
    <DeskContext value={{ view, openCall, open }}>
      <DeskActionsContext value={{ apply, ask, call }}>
        <DeskAnnouncer view={view} />
        <CallAlerts pops={view.pops} personId={me.person.id} onOpen={open} />
        {children}
        <ShortcutsLayer />
        {dialling !== null && (
          <CallDialog {...dialling} whyNot={whyNoCalls(view)} onClose={() => setDialling(null)} />
        )}
      </DeskActionsContext>
    </DeskContext>
  );
}

import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { useStoredValue } from '../ui/stored-value.ts';
import { alertSettings } from './alert-settings.ts';
import { callerTitle, shownCandidate } from './desk-view.ts';
import { startRinging } from './ring-sound.ts';
import { useLeader } from './use-leader.ts';
import { useWatched } from './use-watched.ts';
import { casesText, ringsIn } from './wording.ts';

interface CallAlertsProps {
  pops: Pop[];
  /** Another person who signs in on this browser has alerts of their own. */
  personId: string;
  onOpen(callId: string): void;
}

/** While nobody looks at any tab of the Desk: one notification for each call that rings, and one sound for all. Shows nothing itself. */
export function CallAlerts({ pops, personId, onOpen }: CallAlertsProps) {
  const { notifications, sound, volume } = useStoredValue(alertSettings);
  const leads = useLeader(`ringside-alerts-${personId}`);
  const watched = useWatched(`ringside-watched-${personId}`);
  const ringing = leads && !watched ? pops.filter(ringsIn) : [];
  useNotifications(notifications === true ? ringing : [], onOpen);
  const rings = sound && ringing.length > 0;
  useEffect(() => (rings ? startRinging(volume) : undefined), [rings, volume]);
  return null;
}

/** One notification for each of these calls; closed once the call is not among them any more. */
function useNotifications(ringing: Pop[], onOpen: (callId: string) => void): void {
  const navigate = useNavigate();
  const shown = useRef(new Map<string, Notification>());
  useEffect(() => {
    for (const [callId, notification] of shown.current) {
      if (ringing.some((pop) => pop.callId === callId)) continue;
      notification.close();
      shown.current.delete(callId);
    }
    for (const pop of ringing) {
      if (shown.current.has(pop.callId) || Notification.permission !== 'granted') continue;
      const notification = notify(pop);
      notification.onclick = () => {
        window.focus();
        onOpen(pop.callId);
        void navigate({ to: '/desk' });
        notification.close();
      };
      shown.current.set(pop.callId, notification);
    }
  });
  useEffect(() => {
    const { current } = shown;
    return () => current.forEach((notification) => notification.close());
  }, []);
}

function notify(pop: Pop): Notification {
  const candidate = shownCandidate(pop);
  const about = [candidate?.customer?.name ?? '', casesText(candidate?.openCaseCount ?? 0)];
  return new Notification(`${callerTitle(pop)} is calling`, {
    body: [...about, pop.caller.display].filter((part) => part !== '').join('\n'),
    icon: '/favicon.svg',
    // The same call told by two tabs, however that came, is one notification.
    tag: `ringside-${pop.callId}`,
    requireInteraction: true,
    // The sound is ours, and only where it was asked for.
    silent: true,
  });
}

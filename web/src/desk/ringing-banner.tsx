import { Link, useRouterState } from '@tanstack/react-router';
import { IconPhoneIncoming } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useDeskView } from './desk-provider.tsx';
import { useShownPops } from './use-shown-pops.ts';
import { callerLine, ringsIn } from './wording.ts';
import classes from './ringing-banner.module.css';

/** Who is calling, on every page but the Desk itself; leads there. */
export function RingingBanner() {
  const { view, open } = useDeskView();
  const atDesk = useRouterState({ select: ({ location }) => location.pathname === '/desk' });
  const ringing = view.pops.find(ringsIn);
  const shown = ringing === undefined || atDesk ? null : ringing;
  // It says who calls: nobody can say later that they saw nothing.
  useShownPops(useMemo(() => (shown === null ? [] : [shown]), [shown]));
  if (shown === null) return null;
  return (
    <Link to="/desk" onClick={() => open(shown.callId)} className={classes.banner}>
      <IconPhoneIncoming size={18} aria-hidden="true" />
      <span className={classes.text}>{callerLine(shown)} is calling</span>
      <span className={classes.show}>Show on the Desk</span>
    </Link>
  );
}

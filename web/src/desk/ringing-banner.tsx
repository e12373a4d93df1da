import { Link, useRouterState } from '@tanstack/react-router';
import { IconPhoneIncoming } from '@tabler/icons-react';
import { useDeskView } from './desk-provider.tsx';
import { callerLine, ringsIn } from './wording.ts';
import classes from './ringing-banner.module.css';

/** Who is calling, on every page but the Desk itself; leads there. */
export function RingingBanner() {
  const { view, open } = useDeskView();
  const atDesk = useRouterState({ select: ({ location }) => location.pathname === '/desk' });
  const ringing = view.pops.find(ringsIn);
  if (ringing === undefined || atDesk) return null;
  return (
    <Link to="/desk" onClick={() => open(ringing.callId)} className={classes.banner}>
      <IconPhoneIncoming size={18} aria-hidden="true" />
      <span>{callerLine(ringing)} is calling</span>
      <span className={classes.show}>Show on the Desk</span>
    </Link>
  );
}

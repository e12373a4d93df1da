import { Link, useNavigate } from '@tanstack/react-router';
import { useDeskView } from './desk-provider.tsx';
import { useShortcut } from './use-shortcut.ts';
import { callerLine, ringsIn } from './wording.ts';

/** The Desk's entry in the navigation; its key leads to the call that rings, like the line that tells of it on every other page. */
export function DeskLink({ className }: { className: string | undefined }) {
  const navigate = useNavigate();
  const { view, open } = useDeskView();
  const ringing = view.pops.find(ringsIn);
  const toDesk = () => {
    if (ringing !== undefined) open(ringing.callId);
    void navigate({ to: '/desk' });
  };
  const detail = ringing === undefined ? '' : `${callerLine(ringing)} is calling`;
  useShortcut('desk', toDesk, true, detail);
  useShortcut('call-history', () => void navigate({ to: '/calls' }));
  return (
    <Link to="/desk" {...(className && { className })} activeProps={{ 'data-active': true }}>
      Desk
    </Link>
  );
}

import { Link, useNavigate } from '@tanstack/react-router';
import { useDeskView } from '../desk/desk-provider.tsx';
import { useShortcut } from '../desk/use-shortcut.ts';
import { counted } from '../ui/moment.ts';
import { MissedCount } from './missed-count.tsx';

/** The page's entry in the navigation, and in the command palette. */
export function MissedLink({ className }: { className: string | undefined }) {
  const navigate = useNavigate();
  const open = useDeskView().view.missed?.open ?? 0;
  const detail = open === 0 ? '' : counted(open, 'waits for a call back', 'wait for a call back');
  useShortcut('missed-calls', () => void navigate({ to: '/missed' }), true, detail);
  return (
    <Link to="/missed" {...(className && { className })} activeProps={{ 'data-active': true }}>
      Missed <MissedCount />
    </Link>
  );
}

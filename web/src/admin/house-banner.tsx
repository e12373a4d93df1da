import { Link, useRouterState } from '@tanstack/react-router';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Ago } from '../ui/ago.tsx';
import classes from './house-banner.module.css';
import { useLastHouseCheck } from './use-house-check.ts';

const place = '/admin/organization';

/** On top of every page while the latest check of the house, by night or by hand, is a failed one; for administrators. */
export function HouseBanner() {
  const run = useLastHouseCheck();
  const isThere = useRouterState({ select: ({ location }) => location.pathname === place });
  if (run?.status !== 'failed') return null;
  const [first, ...others] = run.steps.filter(({ status }) => status === 'fail');
  return (
    <section className={classes.banner} aria-label="Check of Ringside itself">
      <span>
        <IconAlertTriangle size={18} aria-hidden="true" className={classes.icon} />
        <b>The check of Ringside itself failed</b> <Ago time={run.startedAt} /> at the step ‘
        {first?.title}’{others.length > 0 && ` and ${others.length} more`}.
      </span>
      {isThere ? (
        <span className={classes.way}>‘Check Ringside itself’ shows what to do</span>
      ) : (
        <Link to={place} className={classes.way}>
          See what to do
        </Link>
      )}
    </section>
  );
}

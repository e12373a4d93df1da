import { Link, useRouterState } from '@tanstack/react-router';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Ago } from '../ui/ago.tsx';
import classes from './house-banner.module.css';
import { useLastChecks } from './use-house-check.ts';

const place = '/admin/organization';

/** On top of every page while the latest check of Ringside itself or of a connection, by night or by hand, is a failed one; for administrators. */
export function HouseBanner() {
  const checks = useLastChecks();
  if (checks === undefined) return null;
  const { run, connections } = checks;
  const [first, ...others] = run?.steps.filter(({ status }) => status === 'fail') ?? [];
  return (
    <>
      {run?.status === 'failed' && (
        <Failure label="Check of Ringside itself" button="Check Ringside itself">
          <b>The check of Ringside itself failed</b> <Ago time={run.startedAt} /> at the step ‘
          {first?.title}’{others.length > 0 && ` and ${others.length} more`}.
        </Failure>
      )}
      {connections.map(({ connectionId, title, step, startedAt }) => (
        <Failure key={connectionId} label="Check of the connection" button="Systems Check">
          <b>The check of the connection to {title} failed</b> <Ago time={startedAt} />
          {step === null ? ' while its data was pulled' : ` at the step ‘${step}’`}.
        </Failure>
      ))}
    </>
  );
}

/** `button`: what shows more on the page of the organization. */
function Failure({
  label,
  button,
  children,
}: {
  label: string;
  button: string;
  children: ReactNode;
}) {
  const isThere = useRouterState({ select: ({ location }) => location.pathname === place });
  return (
    <section className={classes.banner} aria-label={label}>
      <span className={classes.what}>
        <IconAlertTriangle size={18} aria-hidden="true" className={classes.icon} />
        <span>{children}</span>
      </span>
      {isThere ? (
        <span className={classes.way}>‘{button}’ shows what to do</span>
      ) : (
        <Link to={place} className={classes.way}>
          See what to do
        </Link>
      )}
    </section>
  );
}

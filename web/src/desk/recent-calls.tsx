import type { Pop } from '../../../src/desk/contract.ts';
import { RecentCall } from './recent-call.tsx';
import classes from './recent-calls.module.css';

/** The calls of the last minutes, a line each. */
export function RecentCalls(props: {
  pops: Pop[];
  clockOffset: number;
  onOpen(callId: string): void;
  onDismiss(callId: string): void;
}) {
  if (props.pops.length === 0) return null;
  return (
    <section className={classes.earlier} aria-label="Calls of the last minutes">
      <h2 className={classes.title}>Just now</h2>
      <ul className={classes.rows}>
        {props.pops.map((pop) => (
          <RecentCall
            key={pop.callId}
            pop={pop}
            clockOffset={props.clockOffset}
            onOpen={() => props.onOpen(pop.callId)}
            onDismiss={() => props.onDismiss(pop.callId)}
          />
        ))}
      </ul>
    </section>
  );
}

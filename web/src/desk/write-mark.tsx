import type { WriteView } from '../../../src/desk/outbox-contract.ts';
import classes from './write-mark.module.css';

/** Where a write is: only here so far, in ServiceNow, or refused in ServiceNow's own words. */
export function WriteMark({ write }: { write: WriteView | undefined }) {
  if (write === undefined) return null;
  const { state, reason, fix } = write;
  if (state === 'delivered') return <span className={classes.mark}>In ServiceNow</span>;
  if (state === 'attention') {
    return (
      <span className={classes.mark} data-tone="refused">
        Not in ServiceNow: {reason ?? 'it was refused.'} {fix}
      </span>
    );
  }
  return (
    <span className={classes.mark} data-tone="waiting" title={reason ?? undefined}>
      Saved here, on its way
    </span>
  );
}

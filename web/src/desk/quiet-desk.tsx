import { IconPhone } from '@tabler/icons-react';
import type { Me } from '../../../src/organization/contract.ts';
import { AlertOffer } from './alert-offer.tsx';
import classes from './quiet-desk.module.css';

/** No call right now: says what happens next, so that an empty page is no question. */
export function QuietDesk({ me }: { me: Me }) {
  return (
    <div className={classes.quiet}>
      <IconPhone size={34} stroke={1.4} aria-hidden="true" className={classes.quietIcon} />
      <h2 className={classes.quietTitle}>No call right now</h2>
      <p className={classes.quietText}>
        When extension <strong>{me.person.extension}</strong> rings, the caller appears here at
        once, with their company and open cases. Keep this page open in a tab.
      </p>
      <AlertOffer />
    </div>
  );
}

import type { ConnectionRow } from '../../../src/organization/contract.ts';
import classes from './state-light.module.css';

const states: Record<ConnectionRow['state'], { text: string; light: string }> = {
  new: { text: 'No credential yet', light: 'off' },
  unchecked: { text: 'Not checked yet', light: 'off' },
  ok: { text: 'Works', light: 'pass' },
  warning: { text: 'Works, with remarks', light: 'warn' },
  failed: { text: 'Does not work', light: 'fail' },
};

/** The state of a connection as a light, and in words. */
export function StateLight({ state }: { state: ConnectionRow['state'] }) {
  const { text, light } = states[state];
  return (
    <span className={classes.state}>
      <span className={classes.light} data-light={light} aria-hidden="true" />
      {text}
    </span>
  );
}

import type { ConnectionRow } from '../../../src/organization/contract.ts';
import classes from './state-light.module.css';

type LightColour = 'off' | 'pass' | 'warn' | 'fail';

const states: Record<ConnectionRow['state'], { text: string; light: LightColour }> = {
  new: { text: 'No credential yet', light: 'off' },
  unchecked: { text: 'Not checked yet', light: 'off' },
  ok: { text: 'Works', light: 'pass' },
  warning: { text: 'Works, with remarks', light: 'warn' },
  failed: { text: 'Does not work', light: 'fail' },
};

/** The state of a connection as a light, and in words. */
export function StateLight({ state }: { state: ConnectionRow['state'] }) {
  const { text, light } = states[state];
  return <Light light={light} text={text} />;
}

/** A light and a word. */
export function Light({ light, text }: { light: LightColour; text: string }) {
  return (
    <span className={classes.state}>
      <span className={classes.light} data-light={light} aria-hidden="true" />
      {text}
    </span>
  );
}

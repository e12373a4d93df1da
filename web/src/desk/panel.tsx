import { useId } from 'react';
import type { ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title: string;
  /** How many there are, beside the title. */
  count?: number | undefined;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One part of a pop with its heading: open cases, note, earlier calls. A region that a screen reader can go to. */
export function Panel({ title, count, actions, children }: PanelProps) {
  const heading = useId();
  return (
    <section className={classes.panel} aria-labelledby={heading}>
      <header className={classes.head} role="none">
        <h3 id={heading} className={classes.title}>
          {title}
          {count !== undefined && <span className={classes.count}> {count}</span>}
        </h3>
        {actions}
      </header>
      {children}
    </section>
  );
}

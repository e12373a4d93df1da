import type { ReactNode } from 'react';
import type { SearchMark } from '../../../src/directory/contract.ts';
import classes from './directory-search.module.css';

/** A text with what agrees with the search set off; text alone, whatever stands in it. */
export function MarkedText({ text, marks }: { text: string; marks: readonly SearchMark[] }) {
  const parts: ReactNode[] = [];
  let done = 0;
  for (const [start, end] of marks) {
    if (start < done || end > text.length) continue;
    parts.push(text.slice(done, start));
    parts.push(
      <mark key={start} className={classes.mark}>
        {text.slice(start, end)}
      </mark>,
    );
    done = end;
  }
  return (
    <>
      {parts}
      {text.slice(done)}
    </>
  );
}

import { Text } from '@mantine/core';
import type { CallSummary } from '../../../src/desk/call-summary-contract.ts';
import { RecordLink } from '../desk/record-link.tsx';
import classes from './call-summary.module.css';

/** What was done with a call: wrap-up code, case, notes. Nothing where nothing was done. `lines` cuts each note. */
export function CallSummaryLines({ summary, lines }: { summary: CallSummary; lines?: number }) {
  const { notes, wrapUpCodes, case: tagged } = summary;
  return (
    <>
      {(wrapUpCodes.length > 0 || tagged !== null) && (
        <p className={classes.line}>
          {wrapUpCodes.map((code) => (
            <span key={code} className={classes.code}>
              {code}
            </span>
          ))}
          {tagged !== null && (
            <>
              <span>
                <RecordLink link={tagged.link}>
                  {tagged.number === '' ? 'New case, on its way' : tagged.number}
                </RecordLink>
              </span>
              {tagged.shortDescription !== '' && <span>{tagged.shortDescription}</span>}
            </>
          )}
        </p>
      )}
      {notes.map(({ by, text, cut }, place) => (
        <div key={`${place} ${by}`} className={classes.note}>
          {by !== '' && (
            <Text size="xs" c="dimmed">
              {by}
            </Text>
          )}
          <Text
            size="sm"
            className={classes.text}
            {...(lines === undefined ? {} : { lineClamp: lines })}
          >
            {text}
            {cut && '…'}
          </Text>
        </div>
      ))}
    </>
  );
}

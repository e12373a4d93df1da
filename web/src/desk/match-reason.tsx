import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconInfoCircle } from '@tabler/icons-react';
import { useId } from 'react';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { useShortcut } from './use-shortcut.ts';
import { ago, exactTime } from './wording.ts';
import classes from './match-reason.module.css';

/** Why this caller is shown: one line, and everything behind it on request. */
export function MatchReason({
  pop,
  candidate,
  now,
}: {
  pop: Pop;
  candidate: Candidate;
  now: number;
}) {
  const [open, { toggle }] = useDisclosure(false);
  const details = useId();
  useShortcut('match-reason', toggle);
  const { reason } = candidate;
  const updated = ageOfReason(reason, now);
  const others = pop.match.candidates.filter((other) => other.key !== candidate.key);
  return (
    <div>
      <UnstyledButton
        className={classes.reason}
        onClick={toggle}
        aria-expanded={open}
        aria-controls={details}
      >
        <IconInfoCircle size={15} aria-hidden="true" className={classes.reasonIcon} />
        <span className={classes.reasonText} data-open={open}>
          {capital(reason.text)}
          {updated}
        </span>
        <IconChevronDown
          size={15}
          aria-hidden="true"
          className={classes.chevron}
          data-open={open}
        />
      </UnstyledButton>
      <Collapse expanded={open} id={details}>
        <dl className={classes.reasonDetails}>
          <dt>Number of the call</dt>
          <dd>
            {pop.caller.raw}
            {pop.caller.e164 === null ? '' : `, read as ${pop.caller.e164}`}
          </dd>
          {reason.field !== '' && (
            <>
              <dt>Found in</dt>
              <dd>
                {reason.label} ({reason.field}): {reason.raw}
              </dd>
            </>
          )}
          <dt>Record changed</dt>
          <dd>
            {reason.updatedAt === null ? 'ServiceNow does not say' : exactTime(reason.updatedAt)}
          </dd>
          <dt>As of</dt>
          <dd>
            {pop.asOf === null
              ? 'no data was pulled from ServiceNow yet'
              : `what ServiceNow said ${ago(pop.asOf, now)} (${exactTime(pop.asOf)})`}
          </dd>
          {others.length > 0 && (
            <>
              <dt>Same number</dt>
              <dd>{others.map((other) => other.name).join(', ')}</dd>
            </>
          )}
        </dl>
      </Collapse>
    </div>
  );
}

/** ', updated 3 d ago', or who put a number there that is still on its way. */
function ageOfReason({ updatedAt, pending }: Candidate['reason'], now: number): string {
  if (pending !== null)
    return `, put there ${pending.by === null ? '' : `by ${pending.by} `}${ago(pending.at, now)}`;
  return updatedAt === null ? '' : `, updated ${ago(updatedAt, now)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

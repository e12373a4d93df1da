import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconInfoCircle } from '@tabler/icons-react';
import { useId } from 'react';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { rankReason } from './rank-reason.ts';
import { useShortcut } from './use-shortcut.ts';
import { ago, exactTime, isMasked } from './wording.ts';
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
          <dt>Rule</dt>
          <dd>{ruleOf(reason)}</dd>
          <dt>Number of the call</dt>
          <dd>
            {pop.caller.raw}
            {pop.caller.e164 === null || isMasked(pop.caller) ? '' : `, read as ${pop.caller.e164}`}
          </dd>
          {reason.field !== '' && (
            <>
              <dt>Found in</dt>
              <dd>
                {reason.label} ({reason.field}), as stored: {reason.raw}
              </dd>
            </>
          )}
          <dt>Record changed</dt>
          <dd>
            {reason.updatedAt === null
              ? 'ServiceNow does not say'
              : `${ago(reason.updatedAt, now)} (${exactTime(reason.updatedAt)})`}
          </dd>
          <dt>As of</dt>
          <dd>
            {pop.asOf === null
              ? 'no data was pulled from ServiceNow yet'
              : `what ServiceNow said ${ago(pop.asOf, now)} (${exactTime(pop.asOf)})`}
          </dd>
          <RunnersUp pop={pop} shown={candidate} now={now} />
        </dl>
      </Collapse>
    </div>
  );
}

const runnersUpShown = 10;

/** All others with the number in the order of their rank, each with why it stands where it does. */
function RunnersUp({ pop, shown, now }: { pop: Pop; shown: Candidate; now: number }) {
  const ranked = pop.match.candidates.filter(({ reason }) => reason.field !== '');
  const others = ranked.filter(({ key }) => key !== shown.key);
  if (others.length === 0) {
    return (
      <>
        <dt>Others</dt>
        <dd>No other record has this number.</dd>
      </>
    );
  }
  const more = others.length - runnersUpShown;
  return (
    <>
      <dt>Others with it</dt>
      <dd>
        {ranked[0]?.key !== shown.key && (
          <p className={classes.choice}>{shown.name} was chosen for this call.</p>
        )}
        <ol className={classes.others}>
          {others.slice(0, runnersUpShown).map((other) => (
            <li key={other.key}>
              <span className={classes.other}>{other.name}</span>
              {`, ${other.reason.label} (${other.reason.field}): ${other.reason.raw}. `}
              <span className={classes.why}>{whyThere(ranked, other, now)}</span>
            </li>
          ))}
        </ol>
        {more > 0 && <p className={classes.choice}>and {more} more</p>}
      </dd>
    </>
  );
}

/** That it ranks first, or why lower than the one before it. */
function whyThere(ranked: readonly Candidate[], other: Candidate, now: number): string {
  const above = ranked[ranked.indexOf(other) - 1];
  return above === undefined ? 'Ranks first.' : `Lower: ${rankReason(above, other, now)}.`;
}

function ruleOf({ field, pending }: Candidate['reason']): string {
  if (field === '') return 'Named by an agent; the record itself does not have the number.';
  if (pending !== null)
    return 'An agent gave this record the number; it counts here while it is on its way to ServiceNow.';
  return 'The whole number is the same, written internationally. Last digits alone never match.';
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

import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MouseEvent } from 'react';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { LastChosen } from './last-chosen.tsx';
import classes from './candidate-chooser.module.css';

const kinds = {
  contact: 'Contact',
  consumer: 'Consumer',
  customer: 'Company',
  user: 'ServiceNow user',
};

/**
 * Several people share the number: who is it? Arrow keys move, Enter chooses, a click chooses at once. Native radio
 * buttons, so that every screen reader knows them.
 */
export function CandidateChooser(props: {
  pop: Pop;
  /** The server's clock. */
  now: number;
  busy: boolean;
  onChoose(key: string): void;
  /** It is none of them. */
  onNone(): void;
  onCancel: (() => void) | null;
}) {
  const { match, callId } = props.pop;
  const [picked, setPicked] = useState(match.chosen ?? match.candidates[0]?.key ?? '');
  const shared = match.sharedCustomer;
  const form = useFocusedWhenFree();
  // The button lies over its whole row. An arrow key makes a click as well, but one without a press (detail 0).
  const onClick = (key: string) => (event: MouseEvent) => {
    if (event.detail > 0 && !props.busy) props.onChoose(key);
  };
  return (
    <form
      ref={form}
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (picked !== '' && !props.busy) props.onChoose(picked);
      }}
    >
      <fieldset className={classes.chooser}>
        <legend className={classes.title}>
          Who is it? <span className={classes.count}>{match.candidates.length}</span>
        </legend>
        <LastChosen pop={props.pop} now={props.now} />
        <div className={classes.candidates}>
          {match.candidates.map((candidate) => (
            <label
              key={candidate.key}
              className={classes.candidate}
              data-picked={candidate.key === picked}
            >
              <input
                type="radio"
                name={`match-${callId}`}
                value={candidate.key}
                checked={candidate.key === picked}
                onChange={() => setPicked(candidate.key)}
                onClick={onClick(candidate.key)}
              />
              <span className={classes.radio} aria-hidden="true" />
              <CandidateLine candidate={candidate} hideCompany={shared !== null} />
            </label>
          ))}
        </div>
      </fieldset>
      <Group gap="xs" mt="sm">
        <Button type="submit" size="compact-md" loading={props.busy}>
          Show this caller
        </Button>
        <Button size="compact-md" variant="default" onClick={props.onNone}>
          None of these
        </Button>
        {props.onCancel !== null && (
          <Button size="compact-md" variant="subtle" color="gray" onClick={props.onCancel}>
            Cancel
          </Button>
        )}
        <Text size="xs" c="dimmed" className={classes.hint}>
          Arrow keys and Enter, or click
        </Text>
      </Group>
    </form>
  );
}

/** Arrow keys and Enter work at once, unless the agent is busy elsewhere on the page. */
function useFocusedWhenFree() {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    const isFree =
      activeElement === null ||
      activeElement.matches('body, main, article[tabindex], [data-page-heading]');
    if (isFree)
      form.current
        ?.querySelector<HTMLInputElement>('input:checked')
        ?.focus({ preventScroll: true });
  }, []);
  return form;
}

function CandidateLine({ candidate, hideCompany }: { candidate: Candidate; hideCompany: boolean }) {
  const kind = candidate.kind === 'contact' ? '' : kinds[candidate.kind];
  const company = hideCompany ? '' : (candidate.customer?.name ?? '');
  const parts = [kind, candidate.title, company === candidate.name ? '' : company, candidate.city];
  const about = parts.filter((part) => part !== '');
  return (
    <span className={classes.candidateLine}>
      <span className={classes.candidateName}>
        {candidate.name === '' ? kinds[candidate.kind] : candidate.name}
      </span>
      <span className={classes.candidateAbout}>
        {about.length > 0 ? about.join(' · ') : kinds.contact}
      </span>
      <span className={classes.candidateAbout}>
        {candidate.reason.label}
        {candidate.openCaseCount > 0 &&
          ` · ${candidate.openCaseCount} open ${candidate.openCaseCount === 1 ? 'case' : 'cases'}`}
      </span>
    </span>
  );
}

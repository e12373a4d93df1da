import { Button, CloseButton, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type {
  CallerNumber as CallerNumberView,
  Candidate,
  Pop,
} from '../../../src/desk/contract.ts';
import { CallStatus } from './call-status.tsx';
import { CallerNumber } from './caller-number.tsx';
import { CandidateChooser } from './candidate-chooser.tsx';
import { callerTitle, isOutside, shownCandidate } from './desk-view.ts';
import { MatchReason } from './match-reason.tsx';
import { OpenCases } from './open-cases.tsx';
import { RecordLink } from './record-link.tsx';
import { ago, safeHref } from './wording.ts';
import { useServerNow } from './use-server-now.ts';
import classes from './desk.module.css';

export interface PopCardProps {
  pop: Pop;
  clockOffset: number;
  /** A choice of this pop is on its way. */
  choosing: boolean;
  /** Calls a number; null when no phone system can. */
  onCall: ((caller: CallerNumberView) => void) | null;
  onChoose(key: string): void;
  onDismiss(): void;
}

/** One call, whole: who it is, why we think so, and what is open for them. */
export function PopCard({ pop, clockOffset, choosing, onCall, onChoose, onDismiss }: PopCardProps) {
  const now = useServerNow(clockOffset, 30_000);
  const title = useId();
  const [reopened, setReopened] = useState(false);
  const shown = shownCandidate(pop);
  const href = safeHref(shown?.link ?? null);
  const choose = (key: string) => {
    setReopened(false);
    onChoose(key);
  };
  return (
    <article className={classes.card} data-state={pop.state} aria-labelledby={title}>
      <header className={classes.top}>
        <CallStatus pop={pop} clockOffset={clockOffset} />
        {pop.state === 'ended' && (
          <CloseButton aria-label="Dismiss this call" onClick={onDismiss} />
        )}
      </header>
      <div className={classes.who}>
        <div className={classes.whoText}>
          <h2 id={title} className={classes.name}>
            {callerTitle(pop)}
          </h2>
          {shown !== null && <AboutCandidate candidate={shown} />}
          {pop.match.status === 'several' && shown === null && (
            <p
              className={classes.about}
            >{`${pop.match.candidates.length} records in ServiceNow have this number.`}</p>
          )}
          {(isOutside(pop) || shown !== null) && (
            <CallerNumber caller={pop.caller} onCall={pop.state === 'ended' ? onCall : null} />
          )}
        </div>
        {href !== null && (
          <Button
            component="a"
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            rightSection={<IconExternalLink size={16} aria-hidden="true" />}
            className={classes.openButton}
          >
            Open in ServiceNow
          </Button>
        )}
      </div>
      {shown !== null && <MatchReason pop={pop} candidate={shown} now={now} />}
      {shown !== null && pop.match.candidates.length > 1 && !reopened && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.somebodyElse}
          onClick={() => setReopened(true)}
        >
          Somebody else? {pop.match.candidates.length - 1} more with this number
        </Button>
      )}
      {pop.match.candidates.length > 1 && (shown === null || reopened) && (
        <CandidateChooser
          pop={pop}
          busy={choosing}
          onChoose={choose}
          onCancel={shown === null ? null : () => setReopened(false)}
        />
      )}
      {shown !== null && !reopened && <OpenCases candidate={shown} now={now} />}
      {pop.match.status === 'none' && isOutside(pop) && (
        <Text size="sm" c="dimmed" className={classes.section}>
          {unknownText(pop, now)}
        </Text>
      )}
    </article>
  );
}

function AboutCandidate({ candidate }: { candidate: Candidate }) {
  const { customer, kind } = candidate;
  const role = candidate.title === '' && kind === 'user' ? 'ServiceNow user' : candidate.title;
  const company =
    customer !== null && customer.name !== candidate.name && customer.name !== '' ? customer : null;
  const place = [candidate.city, kind === 'customer' ? 'Company' : '']
    .filter((part) => part !== '')
    .join(' · ');
  if (role === '' && company === null && place === '') return null;
  return (
    <p className={classes.about}>
      {role !== '' && <span>{role}</span>}
      {company !== null && (
        <span>
          <RecordLink link={company.link}>{company.name}</RecordLink>
        </span>
      )}
      {place !== '' && <span>{place}</span>}
    </p>
  );
}

function unknownText(pop: Pop, now: number): string {
  if (pop.caller.e164 === null && pop.caller.raw === '') return 'The phone system sent no number.';
  if (pop.caller.e164 === null) return 'This is not a number that can be looked up.';
  const age =
    pop.asOf === null
      ? 'Nothing was pulled from ServiceNow yet.'
      : `Data of ${ago(pop.asOf, now)}.`;
  return `No contact, customer or user in ServiceNow has this number. ${age}`;
}

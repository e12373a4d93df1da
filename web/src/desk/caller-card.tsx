import { Button } from '@mantine/core';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { CallerNumber } from './caller-number.tsx';
import { useDeskActions } from './desk-actions.ts';
import { callerTitle, isOutside } from './desk-view.ts';
import { RecordLink } from './record-link.tsx';
import classes from './caller-card.module.css';

/** Who it is: name, role, company, place and the number of the call. */
export function CallerCard({
  pop,
  candidate,
  titleId,
}: {
  pop: Pop;
  candidate: Candidate | null;
  titleId: string;
}) {
  const { call } = useDeskActions();
  return (
    <div className={classes.who}>
      <h2 id={titleId} className={classes.name}>
        {callerTitle(pop)}
      </h2>
      {candidate !== null && <AboutCandidate candidate={candidate} />}
      {pop.match.status === 'several' && candidate === null && (
        <p className={classes.about}>
          <span>{`${pop.match.candidates.length} records in ServiceNow have this number.`}</span>
          {pop.match.sharedCustomer !== null && (
            <span>
              They all belong to{' '}
              <RecordLink link={pop.match.sharedCustomer.link}>
                {pop.match.sharedCustomer.name}
              </RecordLink>
              .
            </span>
          )}
        </p>
      )}
      {(isOutside(pop) || candidate !== null) && (
        <CallerNumber caller={pop.caller} onCall={pop.state === 'ended' ? call : null} />
      )}
    </div>
  );
}

/** The way back to the other candidates. */
export function SomebodyElse({ others, onOpen }: { others: number; onOpen: () => void }) {
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      className={classes.somebodyElse ?? ''}
      onClick={onOpen}
    >
      Somebody else? {others} more with this number
    </Button>
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

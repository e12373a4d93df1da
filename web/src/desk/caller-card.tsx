import { Anchor } from '@mantine/core';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { CallerNumber } from './caller-number.tsx';
import { callerTitle, isOutside } from './desk-view.ts';
import { LocalTime } from './local-time.tsx';
import { RecordLink } from './record-link.tsx';
import { RecordNumbers } from './record-numbers.tsx';
import { useOpenInCrm } from './use-open-in-crm.ts';
import { ago, exactTime, languageOf } from './wording.ts';
import classes from './caller-card.module.css';

interface CallerCardProps {
  pop: Pop;
  candidate: Candidate | null;
  now: number;
  titleId: string;
}

/** Who it is: name, role, company, place and hour there, numbers, e-mail. */
export function CallerCard({ pop, candidate, now, titleId }: CallerCardProps) {
  const { numbers } = pop.card;
  const several = pop.match.status === 'several' && candidate === null && !pop.match.leftUnknown;
  const ofRecord = numbers.some(({ matches }) => matches);
  return (
    <div className={classes.who}>
      <h2 id={titleId} className={classes.name}>
        {callerTitle(pop)}
      </h2>
      {candidate !== null && <AboutCandidate candidate={candidate} />}
      {several && (
        <>
          <p
            className={classes.line}
          >{`${pop.match.candidates.length} records in ServiceNow have this number.`}</p>
          {pop.match.sharedCustomer !== null && <SharedCompany {...pop.match.sharedCustomer} />}
        </>
      )}
      <Place pop={pop} candidate={candidate} now={now} />
      {!ofRecord && (isOutside(pop) || candidate !== null) && <CallerNumber caller={pop.caller} />}
      {candidate !== null && <RecordNumbers numbers={numbers} />}
      {candidate !== null && candidate.email !== '' && (
        <p className={classes.line}>
          <Anchor href={`mailto:${encodeURIComponent(candidate.email)}`} inherit>
            {candidate.email}
          </Anchor>
        </p>
      )}
      {(candidate !== null || several) && pop.asOf !== null && (
        <p className={classes.asOf} title={exactTime(pop.asOf)}>
          As of {ago(pop.asOf, now)}
        </p>
      )}
    </div>
  );
}

function SharedCompany({ name, link }: { name: string; link: string | null }) {
  useOpenInCrm('open-company', link, name);
  return (
    <p className={classes.line}>
      <RecordLink link={link}>Company: {name}</RecordLink>
    </p>
  );
}

function AboutCandidate({ candidate }: { candidate: Candidate }) {
  const { customer, kind } = candidate;
  const role = candidate.title === '' && kind === 'user' ? 'ServiceNow user' : candidate.title;
  const company =
    customer !== null && customer.name !== candidate.name && customer.name !== '' ? customer : null;
  useOpenInCrm('open-company', company?.link ?? null, company?.name);
  return (
    <>
      {role !== '' && <p className={classes.line}>{role}</p>}
      {kind === 'customer' && <p className={classes.line}>Company</p>}
      {company !== null && (
        <p className={classes.line}>
          <RecordLink link={company.link}>{company.name}</RecordLink>
        </p>
      )}
    </>
  );
}

/** 'Hamburg · 14:05 there · speaks German', each only where it is known. */
function Place({ pop, candidate, now }: Omit<CallerCardProps, 'titleId'>) {
  const { timeZone } = pop.card;
  const city = candidate?.city ?? '';
  const language = languageOf(pop.card.language);
  if (city === '' && timeZone === null && language === null) return null;
  return (
    <p className={classes.place}>
      {city !== '' && <span>{city}</span>}
      {timeZone !== null && <LocalTime zone={timeZone} now={now} />}
      {language !== null && <span>{language}</span>}
    </p>
  );
}

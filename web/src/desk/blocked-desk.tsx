import { Anchor } from '@mantine/core';
import { IconLock, IconPhoneOff, IconUserQuestion } from '@tabler/icons-react';
import type { DeskState } from '../../../src/desk/contract.ts';
import type { Me } from '../../../src/organization/contract.ts';
import classes from './quiet-desk.module.css';

type Block = NonNullable<DeskState['blocked']>;

const reasons: Record<
  Block,
  { title: string; missing: string; ask: string; icon: typeof IconLock }
> = {
  'no-plan': {
    title: 'Your calls need the View plan',
    missing:
      'Showing who is calling is part of the View plan and of every higher one. You have no plan yet.',
    ask: 'Ask for a seat:',
    icon: IconLock,
  },
  'no-extension': {
    title: 'You have no phone extension yet',
    missing: 'Ringside shows a caller to the person whose extension rings. Yours is not filled in.',
    ask: 'Ask for your phone extension to be entered in CRM User Mappings:',
    icon: IconPhoneOff,
  },
  'not-mapped': {
    title: 'You are not mapped to a ServiceNow user yet',
    missing: 'Ringside needs to know who you are in ServiceNow before it shows you callers.',
    ask: 'Ask to be mapped in CRM User Mappings:',
    icon: IconUserQuestion,
  },
};

/** Why this person gets no pops, and whom to ask. Calls appear by themselves once it is mended. */
export function BlockedDesk({ blocked, me }: { blocked: Block; me: Me }) {
  const { title, missing, ask, icon: Icon } = reasons[blocked];
  const isAdministrator = me.person.role === 'administrator';
  return (
    <div className={classes.quiet}>
      <Icon size={34} stroke={1.4} aria-hidden="true" className={classes.quietIcon} />
      <h2 className={classes.quietTitle}>{title}</h2>
      <p className={classes.quietText}>{missing}</p>
      {isAdministrator ? (
        <p className={classes.quietText}>
          You are an administrator: set it yourself in{' '}
          <Anchor href="/admin" inherit underline="always">
            Administration &gt; Manage Organization
          </Anchor>
          .
        </p>
      ) : (
        <Administrators ask={ask} me={me} />
      )}
      <p className={classes.quietText}>
        This page shows your calls as soon as that is done; you need not reload it.
      </p>
    </div>
  );
}

/** Whom to ask, by name. */
export function Administrators({ ask, me }: { ask: string; me: Me }) {
  return (
    <>
      <p className={classes.quietText}>{ask}</p>
      <ul className={classes.administrators}>
        {me.administrators.map(({ name, email }) => (
          <li key={email}>
            {name}{' '}
            <Anchor href={`mailto:${encodeURIComponent(email)}`} inherit underline="always">
              {email}
            </Anchor>
          </li>
        ))}
      </ul>
    </>
  );
}

import { IconBuilding, IconTicket, IconUser } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { SearchResult } from '../../../src/directory/contract.ts';
import { MarkedText } from './marked-text.tsx';
import classes from './directory-search.module.css';

const icons = { contact: IconUser, consumer: IconUser, customer: IconBuilding, case: IconTicket };
const kinds = { contact: 'Contact', consumer: 'Consumer', customer: 'Company', case: 'Case' };

/** One result of a search of the directory. */
export function FoundRecord({ record }: { record: SearchResult }) {
  const { kind, name, company, detail, number } = record;
  const Icon = icons[kind];
  const about = [
    { text: company === name ? '' : company, marks: record.marks.company },
    { text: detail, marks: record.marks.detail },
  ].filter(({ text }) => text !== '');
  return (
    <>
      <Icon size={17} className={classes.icon} role="img" aria-label={kinds[kind]} />
      <span className={classes.text}>
        <span className={classes.name}>
          {kind === 'case' && `${number} `}
          {name === '' ? kinds[kind] : <MarkedText text={name} marks={record.marks.name} />}
        </span>
        {about.length > 0 && (
          <span className={classes.about}>
            {about.map(({ text, marks }, place) => (
              <Fragment key={text}>
                {place > 0 && ' · '}
                <MarkedText text={text} marks={marks} />
              </Fragment>
            ))}
          </span>
        )}
        {kind !== 'case' && number !== '' && (
          <span className={`${classes.about} tabular`}>{number}</span>
        )}
      </span>
    </>
  );
}

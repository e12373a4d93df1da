import { IconBuilding, IconTicket, IconUser } from '@tabler/icons-react';
import type { SearchResult } from '../../../src/directory/contract.ts';
import classes from './directory-search.module.css';

const icons = { contact: IconUser, consumer: IconUser, customer: IconBuilding, case: IconTicket };
const kinds = { contact: 'Contact', consumer: 'Consumer', customer: 'Company', case: 'Case' };

/** One result of a search of the directory. */
export function FoundRecord({ record }: { record: SearchResult }) {
  const { kind, name, company, detail, number } = record;
  const Icon = icons[kind];
  const about = [company === name ? '' : company, detail].filter((part) => part !== '');
  return (
    <>
      <Icon size={17} className={classes.icon} role="img" aria-label={kinds[kind]} />
      <span className={classes.text}>
        <span className={classes.name}>
          {kind === 'case' && `${number} `}
          {name === '' ? kinds[kind] : name}
        </span>
        {about.length > 0 && <span className={classes.about}>{about.join(' · ')}</span>}
        {kind !== 'case' && number !== '' && (
          <span className={`${classes.about} tabular`}>{number}</span>
        )}
      </span>
    </>
  );
}

import { List, Text } from '@mantine/core';
import type { FoundParty } from '../../../src/reports/contract.ts';
import { RecordLink } from '../desk/record-link.tsx';
import { isMasked } from '../desk/wording.ts';
import { Fact } from '../ui/fact.tsx';
import { dateTime, timeToTheSecond } from '../ui/moment.ts';
import classes from './facts.module.css';
import { Reason } from './reason.tsx';

/** Who was found for the number of a call when it was looked up, in the order of their rank. */
export function FoundFacts({ found }: { found: FoundParty }) {
  const { candidates, chosen } = found;
  const more = found.candidateCount - candidates.length;
  return (
    <>
      {found.text !== null && <Reason text={found.text} mend={found.mend} />}
      <div className={classes.facts}>
        <Fact title="Number as received">
          {found.number === ''
            ? found.status === 'anonymous'
              ? 'withheld'
              : 'none'
            : found.number}
        </Fact>
        {found.e164 !== null && !isMasked({ display: found.number }) && (
          <Fact title="Read as">{found.e164}</Fact>
        )}
        <Fact title="Looked up">{timeToTheSecond(found.at)}</Fact>
        <Fact title="Data of ServiceNow as of">
          {found.asOf === null ? 'none was there' : dateTime(found.asOf)}
        </Fact>
      </div>
      {candidates.length > 0 && (
        <List type="ordered" size="sm" mt="sm">
          {candidates.map(({ key, name, company, reason, link }) => (
            <List.Item key={key}>
              <RecordLink link={link}>{name}</RecordLink>
              <Text size="xs" c="dimmed">
                {[
                  key === chosen && candidates.length > 1 ? 'Chosen' : '',
                  company === name ? '' : company,
                  reason,
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {more > 0 && (
        <Text size="sm" c="dimmed">
          and {more} more
        </Text>
      )}
    </>
  );
}

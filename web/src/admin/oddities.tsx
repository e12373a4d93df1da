import { Anchor, List, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { Oddity } from '../../../src/systems-check/contract.ts';
import { counted } from '../ui/moment.ts';
import classes from './oddities.module.css';

const kinds: Record<Oddity['kind'], (amount: number) => { title: string; meaning: string }> = {
  'contact-without-name': (amount) => ({
    title: counted(
      amount,
      'contact without a first or last name',
      'contacts without a first or last name',
    ),
    meaning: 'Their calls pop with whatever name there is.',
  }),
  'undiallable-number': (amount) => ({
    title: counted(amount, 'number that no one can dial', 'numbers that no one can dial'),
    meaning: 'A caller is never found by them.',
  }),
  'shared-number': (amount) => ({
    title: counted(
      amount,
      'number shared by several contacts',
      'numbers shared by several contacts',
    ),
    meaning: 'Agents choose from a list when one of them calls.',
  }),
};

/** What the pull found odd in the data: nothing that stops anybody, but worth a look in the CRM. */
export function Oddities({
  oddities,
  finished,
}: {
  oddities: readonly Oddity[];
  finished: boolean;
}) {
  const found = oddities.filter(({ count }) => count > 0);
  if (found.length === 0) {
    return finished ? (
      <Text size="sm" c="dimmed">
        Nothing odd was found in names and numbers.
      </Text>
    ) : null;
  }
  return (
    <section aria-label="What was odd">
      <Title order={3} mb="xs">
        What was odd
      </Title>
      <div className={classes.oddities}>
        {found.map((oddity) => (
          <OddityView key={oddity.kind} oddity={oddity} />
        ))}
      </div>
    </section>
  );
}

function OddityView({ oddity }: { oddity: Oddity }) {
  const { title, meaning } = kinds[oddity.kind](oddity.count);
  return (
    <details className={classes.oddity}>
      <summary>
        <Text span size="sm" fw={600}>
          {title}
        </Text>{' '}
        <Text span size="sm" c="dimmed">
          {meaning}
        </Text>
      </summary>
      <List size="sm" mt={4} className={classes.examples}>
        {oddity.examples.map(({ text, link }, index) => (
          // Two examples may read the same.
          <List.Item key={index}>
            {link === null ? (
              text
            ) : (
              <Anchor href={link} target="_blank" rel="noopener noreferrer" size="sm">
                {text} <IconExternalLink size={13} aria-label="opens in a new tab" />
              </Anchor>
            )}
          </List.Item>
        ))}
        {oddity.count > oddity.examples.length && oddity.examples.length > 0 && (
          <List.Item>and {(oddity.count - oddity.examples.length).toLocaleString()} more</List.Item>
        )}
      </List>
    </details>
  );
}

import { Text } from '@mantine/core';
import type { PhoneLinkRow } from '../../../src/calls/phone-link-contract.ts';
import { Ago } from '../ui/ago.tsx';
import { Light } from './state-light.tsx';
import classes from './phone-link-state.module.css';

/** How the link to a phone system stands: a light, a word, and what is wrong. */
export function PhoneLinkState({ link, set }: { link: PhoneLinkRow | undefined; set: boolean }) {
  const state = link?.state ?? 'connecting';
  return (
    <div>
      <Text size="sm" className={classes.state}>
        <Light light={set ? lights[state] : 'off'} text={set ? words[state] : 'Not set up'} />
        {link?.state === 'connected' && link.connectedSince !== null && (
          <Ago time={link.connectedSince} />
        )}
        {link?.state === 'lost' && link.lostSince !== null && <Ago time={link.lostSince} />}
      </Text>
      {link?.state === 'lost' && (
        <Text size="xs" className={classes.reason}>
          {link.reason} {link.fix}
        </Text>
      )}
      {link?.state === 'connected' &&
        link.warnings.map((warning) => (
          <Text key={warning} size="xs" c="var(--ringside-warn)" className={classes.reason}>
            {warning}
          </Text>
        ))}
    </div>
  );
}

const words = { connected: 'Connected', lost: 'Link lost', connecting: 'Connecting …' };
const lights = { connected: 'pass', lost: 'fail', connecting: 'off' } as const;

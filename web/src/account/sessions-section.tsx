import { Badge, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import type { SessionRow as Session } from '../../../src/organization/contract.ts';
import { Ago } from '../ui/ago.tsx';
import { dateTime } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { browserName } from '../../../src/platform/browser-name.ts';
import { useSessionEnd, useSessions } from './use-sessions.ts';

/** Where this account is signed in, and signing out elsewhere. */
export function SessionsSection() {
  const list = useSessions();
  const end = useSessionEnd();
  return (
    <SectionCard
      title="Where you are signed in"
      lead="Sign out whatever you do not know, then change your password."
    >
      <Stack gap="sm">
        {end.isError && <ProblemAlert error={end.error} title="Still signed in there" />}
        {list.isError && (
          <ProblemAlert error={list.error} title="The sessions could not be loaded" />
        )}
        {list.isPending && <Loader size="sm" aria-label="Loading sessions" />}
        <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
          {list.data?.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              ending={end.isPending && end.variables === session.id}
              onEnd={() => end.mutate(session.id)}
            />
          ))}
        </Stack>
      </Stack>
    </SectionCard>
  );
}

function SessionRow(props: { session: Session; ending: boolean; onEnd: () => void }) {
  const { session, ending, onEnd } = props;
  const name = browserName(session.browser);
  return (
    <Group component="li" wrap="nowrap" gap="md">
      <IconDeviceDesktop size={22} stroke={1.6} aria-hidden="true" />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={600} component="div">
          {name}{' '}
          {session.current && (
            <Badge variant="light" size="sm" ml={6}>
              This browser
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          {session.address !== '' && `From ${session.address}, `}last used{' '}
          <Ago time={session.lastUsedAt} />, signed in {dateTime(session.createdAt)}
        </Text>
      </div>
      {!session.current && (
        <Button
          variant="default"
          size="xs"
          loading={ending}
          onClick={onEnd}
          aria-label={`Sign out ${name}`}
        >
          Sign out
        </Button>
      )}
    </Group>
  );
}

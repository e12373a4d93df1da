import { Button, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { SingleSignOnView } from '../../../src/organization/single-sign-on-contract.ts';
import { singleSignOnSentences } from '../../../src/organization/single-sign-on.ts';
import { dateTime } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { MissingPlan } from './missing-plan.tsx';
import { Removal } from './removal.tsx';
import { SingleSignOnDialog } from './single-sign-on-dialog.tsx';
import { SingleSignOnTestDialog } from './single-sign-on-test-dialog.tsx';
import { useMissingPlan } from './use-call-handling.ts';
import { useSingleSignOn, useSingleSignOnChanges } from './use-single-sign-on.ts';

type Open = 'change' | 'test' | 'remove' | null;

/** Signing in by the organization's own service, below the second factor. */
export function SingleSignOnSettings() {
  const { data, error } = useSingleSignOn();
  const { remove } = useSingleSignOnChanges();
  const locked = useMissingPlan('single-sign-on') !== null;
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const settings = data?.settings ?? null;
  return (
    <>
      <Divider my="lg" />
      <Title order={3} size="h4">
        Single sign-on
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        People come in through your own sign-in service (OpenID Connect: Microsoft Entra ID, Google,
        Okta, Keycloak …), without a password here.
      </Text>
      <MissingPlan feature="single-sign-on" />
      {error !== null && <ProblemAlert error={error} title="The settings could not be loaded" />}
      {settings !== null && <Facts settings={settings} />}
      <Group gap="xs" mt="sm">
        <Button
          variant="default"
          disabled={locked || data === undefined}
          onClick={() => setOpen('change')}
        >
          {settings === null ? 'Set up single sign-on' : 'Modify'}
        </Button>
        {settings !== null && (
          <>
            <Button variant="default" disabled={locked} onClick={() => setOpen('test')}>
              Test connection
            </Button>
            <Button variant="default" onClick={() => setOpen('remove')}>
              Remove
            </Button>
          </>
        )}
      </Group>
      {open === 'change' && data !== undefined && (
        <SingleSignOnDialog view={data} onClose={close} />
      )}
      {open === 'test' && <SingleSignOnTestDialog onClose={close} />}
      {open === 'remove' && (
        <Removal
          name="single sign-on"
          consequence="Everybody signs in by password again. Who has none needs a password link: the menu of their row under CRM User Mappings."
          removal={remove}
          id=""
          onClose={close}
        />
      )}
    </>
  );
}

function Facts({ settings }: { settings: NonNullable<SingleSignOnView['settings']> }) {
  const { issuer, domains, required, workedAt, lastProblem } = settings;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {issuer}
      </Text>
      <Text size="sm">
        For addresses of {domains.join(', ')}.{' '}
        {required ? 'Passwords count for administrators only.' : 'Passwords count as well.'}
      </Text>
      <Text size="sm" c="dimmed">
        {workedAt === null
          ? 'Nobody has come in this way yet. Test the connection, then sign in once in another browser.'
          : `Last sign-in that worked: ${dateTime(workedAt)}.`}
      </Text>
      {lastProblem !== null && (
        <Text size="sm">
          Last one refused, {dateTime(lastProblem.at)}: “
          {singleSignOnSentences[lastProblem.problem]}”
        </Text>
      )}
    </Stack>
  );
}

import { Badge, Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { recoveryCodes } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { SectionCard } from '../ui/section-card.tsx';
import { meQuery, useMe } from '../ui/use-me.ts';
import { PasswordStep } from './password-step.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

type Open = 'setup' | 'codes' | 'remove' | null;

/** The own second factor: set up, new recovery codes, remove. */
export function SecondFactorSection() {
  const { secondFactor } = useMe();
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => {
    setOpen(null);
    setCodes(null);
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
    void client.invalidateQueries({ queryKey: ['sessions'] });
  };
  return (
    <SectionCard
      title="Two-factor sign-in"
      lead="A code from your telephone besides the password: a stolen password alone opens nothing."
    >
      {secondFactor.active ? (
        <Group>
          <Badge color="green" variant="light" size="lg">
            On
          </Badge>
          <Button variant="default" onClick={() => setOpen('codes')}>
            New recovery codes
          </Button>
          {secondFactor.required ? (
            <Text size="sm" c="dimmed">
              Your organization asks for it.
            </Text>
          ) : (
            <Button variant="subtle" color="red" onClick={() => setOpen('remove')}>
              Turn off
            </Button>
          )}
        </Group>
      ) : (
        <Button onClick={() => setOpen('setup')}>Set up two-factor sign-in</Button>
      )}
      <Modal
        opened={open === 'setup'}
        onClose={close}
        title="Set up two-factor sign-in"
        closeOnClickOutside={false}
      >
        <SecondFactorSetup onDone={close} />
      </Modal>
      <Modal
        opened={open === 'codes'}
        onClose={close}
        title="New recovery codes"
        closeOnClickOutside={codes === null}
      >
        {codes === null ? (
          <PasswordStep
            action="Make new codes"
            problemTitle="The old codes still work"
            send={async (password) => {
              const path = '/api/auth/second-factor/recovery-codes';
              setCodes((await api.post(path, { password }, recoveryCodes)).recoveryCodes);
            }}
          >
            <Text size="sm">The recovery codes that you have now stop working.</Text>
          </PasswordStep>
        ) : (
          <RecoveryCodes codes={codes} onDone={close} />
        )}
      </Modal>
      <Modal opened={open === 'remove'} onClose={close} title="Turn two-factor sign-in off">
        <PasswordStep
          action="Turn off"
          color="red"
          problemTitle="It is still on"
          send={async (password) => {
            await api.post('/api/auth/second-factor/remove', { password }, nothing);
            notifications.show({ color: 'green', message: 'Two-factor sign-in is off.' });
            close();
          }}
        >
          <Text size="sm">Whoever knows your password can sign in then.</Text>
        </PasswordStep>
      </Modal>
    </SectionCard>
  );
}

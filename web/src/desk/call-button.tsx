import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallerNumber } from '../../../src/desk/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';

/** Calls a number through the agent's own phone, after asking. */
export function CallButton({ caller }: { caller: CallerNumber }) {
  const [asking, setAsking] = useState(false);
  const number = caller.e164;
  if (number === null) return null;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPhoneOutgoing size={15} aria-hidden="true" />}
        onClick={() => setAsking(true)}
        aria-label={`Call ${caller.display}`}
      >
        Call
      </Button>
      {asking && (
        <CallDialog number={number} display={caller.display} onClose={() => setAsking(false)} />
      )}
    </>
  );
}

function CallDialog(props: { number: string; display: string; onClose: () => void }) {
  const { number, display, onClose } = props;
  const call = useMutation({
    mutationFn: () => api.post('/desk/call', { number }, nothing),
    onSuccess: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Call ${display}?`} size="sm">
      <Stack>
        {call.isError && <ProblemAlert error={call.error} title="The call was not placed" />}
        <Text size="sm" role="status">
          {call.isPending
            ? `Your phone rings now. Lift it, and ${number} is dialled.`
            : `Your phone rings first. When you lift it, ${number} is dialled.`}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {call.isPending ? 'Close' : 'Cancel'}
          </Button>
          <Button onClick={() => call.mutate()} loading={call.isPending} data-autofocus>
            Call
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

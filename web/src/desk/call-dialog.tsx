import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { CallerNumber } from '../../../src/desk/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';

/**
 * Asks before a number is called through the agent's own phone, and tells what became of it. It belongs to the page and not to a
 * call: the call that it places may push the other from its place.
 */
export function CallDialog({ caller, onClose }: { caller: CallerNumber; onClose: () => void }) {
  const number = caller.e164 ?? caller.raw;
  const call = useMutation({
    mutationFn: () => api.post('/desk/call', { number }, nothing),
    onSuccess: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Call ${caller.display}?`} size="sm">
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

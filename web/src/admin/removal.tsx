import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { ProblemAlert } from '../ui/problem-alert.tsx';

interface RemovalProps {
  name: string;
  /** What it is called here. */
  verb?: string;
  /** What goes with it. */
  consequence: string;
  id: string;
  removal: UseMutationResult<void, Error, string>;
  onClose: () => void;
}

/** Asks before something is removed for good, and says what goes with it. */
export function Removal({
  name,
  verb = 'Remove',
  consequence,
  id,
  removal,
  onClose,
}: RemovalProps) {
  return (
    <Modal opened onClose={onClose} title={`${verb} ${name}?`}>
      <Stack>
        {removal.isError && <ProblemAlert error={removal.error} title="It was not removed" />}
        <Text size="sm">{consequence}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={removal.isPending}
            onClick={() => removal.mutate(id, { onSuccess: onClose })}
          >
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

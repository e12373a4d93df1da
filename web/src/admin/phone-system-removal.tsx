import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { usePhoneSystemRemove } from './use-phone-systems.ts';

/** Asks before a phone system is removed, and says what goes with it. */
export function PhoneSystemRemoval({
  system,
  onClose,
}: {
  system: PhoneSystemRow;
  onClose: () => void;
}) {
  const remove = usePhoneSystemRemove();
  return (
    <Modal opened onClose={onClose} title={`Remove ${system.name}?`}>
      <Stack>
        {remove.isError && <ProblemAlert error={remove.error} title="It was not removed" />}
        <Text size="sm">
          Its hook URL stops working at once, and the calls it told of are deleted from Ringside.
          This cannot be undone.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(system.id, { onSuccess: onClose })}
          >
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

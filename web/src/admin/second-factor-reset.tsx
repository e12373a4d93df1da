import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { notifications } from '@mantine/notifications';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useOrganizationRefresh } from './use-organization.ts';

/** Takes a person's second factor away, for somebody who lost telephone and recovery codes. */
export function SecondFactorReset({ person, onClose }: { person: PersonRow; onClose: () => void }) {
  const refresh = useOrganizationRefresh();
  const reset = useMutation({
    mutationFn: () => api.delete(`/people/${person.id}/second-factor`, nothing),
    onSuccess: async () => {
      await refresh();
      notifications.show({ color: 'green', message: `${person.name} signs in by password now.` });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Reset two-factor sign-in of ${person.name}`}>
      <Stack>
        {reset.isError && <ProblemAlert error={reset.error} title="Nothing was reset" />}
        <Text size="sm">
          Make sure that it is really {person.name} who asks. They are signed out everywhere and
          sign in by password alone until they set it up again.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={reset.isPending} onClick={() => reset.mutate()}>
            Reset
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

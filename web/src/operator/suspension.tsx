import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { OperatedOrganization } from '../../../src/organization/operator-contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useOrganizationChanges } from './use-organizations.ts';

/** Asks before an organization is shut out, and says what that means. */
export function Suspension(props: { organization: OperatedOrganization; onClose: () => void }) {
  const { organization, onClose } = props;
  const { suspend } = useOrganizationChanges();
  const { id, name } = organization;
  return (
    <Modal opened onClose={onClose} title={`Suspend ${name}?`}>
      <Stack>
        {suspend.isError && <ProblemAlert error={suspend.error} title="It was not suspended" />}
        <Text size="sm">
          Everybody there is signed out at once and cannot sign in; calls, API keys and changes of
          their CRM are not taken. Nothing is deleted, and Resume lets them in again.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave it
          </Button>
          <Button
            color="red"
            loading={suspend.isPending}
            onClick={() => suspend.mutate({ id, suspended: true }, { onSuccess: onClose })}
          >
            Suspend
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { useInvitationRenew } from './use-people.ts';

/** Makes a new invitation link for somebody who has not come in yet. */
export function InvitationRenewal({ person, onClose }: { person: PersonRow; onClose: () => void }) {
  const renew = useInvitationRenew();
  return (
    <Modal opened onClose={onClose} title={`New invitation link for ${person.name}`}>
      {renew.isSuccess ? (
        <InvitationLink name={person.name} url={renew.data.invitationUrl} onClose={onClose} />
      ) : (
        <Stack>
          {renew.isError && <ProblemAlert error={renew.error} title="No link was made" />}
          <Text size="sm">The link that {person.name} may have already stops working at once.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={renew.isPending} onClick={() => renew.mutate(person.id)}>
              Make a new link
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

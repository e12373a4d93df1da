import { Button, Group, Stack, Text } from '@mantine/core';
import { CopyField } from '../ui/copy-field.tsx';

interface InvitationLinkProps {
  name: string;
  url: string;
  onClose: () => void;
}

/** The link of an invitation, which is shown only once. */
export function InvitationLink({ name, url, onClose }: InvitationLinkProps) {
  return (
    <Stack>
      <Text size="sm">
        Send this link to {name}. Whoever opens it first chooses the password, so send it only to
        them. It is shown only now; you can make a new one later.
      </Text>
      <CopyField label="Invitation link" value={url} />
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

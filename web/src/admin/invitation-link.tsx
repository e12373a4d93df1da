import { Button, Group, Stack, Text } from '@mantine/core';
import { CopyField } from '../ui/copy-field.tsx';

interface InvitationLinkProps {
  name: string;
  url: string;
  /** Where a mail with the same link is on its way to; null: none is. */
  mailedTo: string | null;
  /** Whether the viewer sees a row of the person, which tells what became of the mail. */
  hasRow?: boolean;
  onClose: () => void;
}

/** The link of an invitation, which is shown only once. */
export function InvitationLink({
  name,
  url,
  mailedTo,
  hasRow = true,
  onClose,
}: InvitationLinkProps) {
  const fate = hasRow ? `; the row of ${name} tells what became of it` : '';
  return (
    <Stack>
      <Text size="sm">
        {mailedTo === null
          ? `Send this link to ${name}: no mail is sent.`
          : `A mail with this link is on its way to ${mailedTo}${fate}. You can also send the link yourself.`}{' '}
        Whoever opens it first chooses the password, so send it only to them. It is shown only now;
        you can make a new one later.
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

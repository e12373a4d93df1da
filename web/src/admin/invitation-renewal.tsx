import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { useForm } from './organization-context.ts';
import { useInvitationMail, useInvitationRenew } from './use-people.ts';

/** A new link for somebody: the way in, or for who was in already the way to a new password. By mail, or to be copied. */
export function InvitationRenewal({ person, onClose }: { person: PersonRow; onClose: () => void }) {
  const { view } = useForm();
  const renew = useInvitationRenew();
  const mail = useInvitationMail();
  const what = person.invited ? 'invitation' : 'password';
  const send = async () => {
    await mail.mutateAsync(person.id);
    notifications.show({ color: 'green', message: `A mail to ${person.email} is on its way.` });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} size={540} title={`New ${what} link for ${person.name}`}>
      {renew.isSuccess ? (
        <InvitationLink
          name={person.name}
          url={renew.data.invitationUrl}
          mailedTo={null}
          onClose={onClose}
        />
      ) : (
        <Stack>
          {renew.isError && <ProblemAlert error={renew.error} title="No link was made" />}
          {mail.isError && <ProblemAlert error={mail.error} title="Nothing was sent" />}
          <Text size="sm">
            {person.invited
              ? `The link that ${person.name} may have already stops working at once.`
              : `Whoever opens the link chooses a new password for ${person.name}. The old one works until then.`}
          </Text>
          {!view.mail && (
            <Text size="sm" c="dimmed">
              This hub sends no mail; its operator can set a mail server (RINGSIDE_SMTP_URL). Until
              then you copy the link and send it yourself.
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant={view.mail ? 'default' : 'filled'}
              loading={renew.isPending}
              onClick={() => renew.mutate(person.id)}
            >
              Make a link to copy
            </Button>
            {view.mail && (
              <Button loading={mail.isPending} onClick={() => void send().catch(() => undefined)}>
                Send it by mail
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

import { Badge, Text } from '@mantine/core';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { dateTime } from '../ui/moment.ts';

/** How far somebody who was invited has come: mail on its way, sent, failed and why, link opened. */
export function InvitationState({ person }: { person: PersonRow }) {
  const { mail, linkOpenedAt } = person;
  const failed = linkOpenedAt === null && mail?.state === 'failed';
  return (
    <>
      <Badge size="xs" variant="light" color={failed ? 'red' : 'gray'} mt={2}>
        {stateOf(person)}
      </Badge>
      {linkOpenedAt === null && mail !== null && mail.reason !== null && (
        <Text size="xs" c="dimmed">
          {mail.reason}{' '}
          {mail.state === 'waiting' ? 'It is tried again.' : 'Invite again in the menu.'}
        </Text>
      )}
      {linkOpenedAt !== null && (
        <Text size="xs" c="dimmed">
          {dateTime(linkOpenedAt)}; no password chosen yet.
        </Text>
      )}
    </>
  );
}

function stateOf({ mail, linkOpenedAt }: PersonRow): string {
  if (linkOpenedAt !== null) return 'Invited, link opened';
  if (mail === null) return 'Invited';
  return { waiting: 'Invited, mail on its way', sent: 'Invited, mail sent', failed: 'Mail failed' }[
    mail.state
  ];
}

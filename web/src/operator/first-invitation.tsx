import { InvitationLink } from '../admin/invitation-link.tsx';

/** Whom the first invitation of an organization is for. */
export interface Invited {
  name: string;
  email: string;
  invitationUrl: string;
  mailed: boolean;
}

/** The first administrator's link, which is shown only once. */
export function FirstInvitation({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const { name, email, invitationUrl, mailed } = invited;
  return (
    <InvitationLink
      name={name}
      url={invitationUrl}
      mailedTo={mailed ? email : null}
      hasRow={false}
      onClose={onClose}
    />
  );
}

import { Modal } from '@mantine/core';
import { useState } from 'react';
import { InvitationLink } from './invitation-link.tsx';
import { PersonForm } from './person-form.tsx';
import type { Invited } from './person-form.tsx';

/** The pop-up 'Add person': who it is, then the invitation link. */
export function PersonDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const close = () => {
    onClose();
    setInvited(null);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={invited === null ? 'Add person' : `${invited.name} is invited`}
      closeOnClickOutside={false}
    >
      {invited === null ? (
        <PersonForm onInvited={setInvited} onCancel={close} />
      ) : (
        <InvitationLink {...invited} onClose={close} />
      )}
    </Modal>
  );
}

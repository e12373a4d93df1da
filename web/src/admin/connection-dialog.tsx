import { Loader, Modal } from '@mantine/core';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { useCrmPlatforms } from './use-connections.ts';

interface ConnectionDialogProps {
  connection: ConnectionRow;
  onClose: () => void;
  /** Starts the Systems Check. */
  onCheck: () => void;
}

/** The pop-up 'Modify ServiceNow Connection Setting', and the same for any other platform. */
export function ConnectionDialog({ connection, onClose, onCheck }: ConnectionDialogProps) {
  const platforms = useCrmPlatforms();
  const platform = platforms.data?.find(({ id }) => id === connection.platform);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Modify ${connection.title} Connection Setting`}
      size="lg"
      closeOnClickOutside={false}
    >
      {platforms.isPending && <Loader aria-label="Loading" />}
      {platforms.isError && (
        <ProblemAlert error={platforms.error} title="The form could not be loaded" />
      )}
      {platforms.isSuccess && platform === undefined && (
        <ProblemAlert
          error={null}
          title={`This Ringside does not know the platform ${connection.platform}`}
        />
      )}
      {platform !== undefined && (
        <ConnectionForm
          connection={connection}
          platform={platform}
          onClose={onClose}
          onCheck={onCheck}
        />
      )}
    </Modal>
  );
}

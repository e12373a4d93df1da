import { Modal, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useConnectionCreate, useCrmPlatforms } from './use-connections.ts';

interface PlatformDialogProps {
  opened: boolean;
  onClose: () => void;
  onCreated: (connection: ConnectionRow) => void;
}

/** The pop-up 'Add New CRM Platform': picks the platform; its settings come next. */
export function PlatformDialog({ opened, onClose, onCreated }: PlatformDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add New CRM Platform" size="sm">
      {opened && <PlatformForm onClose={onClose} onCreated={onCreated} />}
    </Modal>
  );
}

function PlatformForm({ onClose, onCreated }: Omit<PlatformDialogProps, 'opened'>) {
  const platforms = useCrmPlatforms();
  const create = useConnectionCreate();
  const [platform, setPlatform] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const save = () => {
    if (platform === null) return setMissing(true);
    create.mutate(platform, { onSuccess: onCreated });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack>
        {platforms.isError && (
          <ProblemAlert error={platforms.error} title="The CRM platforms could not be loaded" />
        )}
        {create.isError && <ProblemAlert error={create.error} title="Nothing was added" />}
        <Select
          label="CRM Platform"
          placeholder="Choose"
          data={(platforms.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
          value={platform}
          onChange={(value: string | null) => {
            setPlatform(value);
            setMissing(false);
          }}
          error={missing && 'Choose the CRM platform to connect.'}
          allowDeselect={false}
          disabled={platforms.isPending}
          comboboxProps={{ withinPortal: true }}
          data-autofocus
        />
        <FormFoot busy={create.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}

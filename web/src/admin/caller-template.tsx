import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useCallerTemplate } from './use-phone-systems.ts';

/** Makes the file that lets a phone system ask Ringside who calls, and saves it on this computer. */
export function CallerTemplate({
  system,
  onClose,
}: {
  system: PhoneSystemRow;
  onClose: () => void;
}) {
  const template = useCallerTemplate();
  const make = async () => {
    save(await template.mutateAsync(system.id));
    onClose();
    notifications.show({ color: 'green', message: 'Now upload the file to the phone system.' });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`CRM template for ${system.name}`}
      closeOnClickOutside={false}
    >
      <Stack>
        {template.isError && <ProblemAlert error={template.error} title="No file was made" />}
        <Text size="sm">
          With this file {system.name} shows the name of a caller on its phones and reports calls.
          It holds an address of its own: keep it like a password. A file made before stops working.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button loading={template.isPending} onClick={() => void make().catch(() => undefined)}>
            Make and download
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function save(file: { fileName: string; contentType: string; body: string }): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([file.body], { type: file.contentType }));
  link.download = file.fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}

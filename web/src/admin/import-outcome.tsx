import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ImportDone } from '../../../src/organization/people-csv-contract.ts';
import { count, counted } from '../ui/moment.ts';
import { PreviewTable } from './preview-table.tsx';

interface ImportOutcomeProps {
  done: ImportDone;
  /** Whether everybody who was added is sent their link. */
  mailed: boolean;
  onClose: () => void;
}

/** What was done, and the invitation links, which are shown only now. */
export function ImportOutcome({ done, mailed, onClose }: ImportOutcomeProps) {
  const { created, changed, unchanged, invitations } = done;
  return (
    <Stack>
      <Text size="sm" role="status">
        {counted(created, 'person was', 'people were')} added, {count(changed)} changed,{' '}
        {count(unchanged)} left as they are.
      </Text>
      {invitations.length > 0 && (
        <>
          <Text size="sm">
            {mailed
              ? 'Everybody is sent their own link by mail; the row of each person tells what became of it. The links are good for seven days and shown only now, should you want to send them yourself.'
              : 'Send everybody their own link; it is good for seven days and shown only now.'}{' '}
            A new one can be made in the menu of a person’s row.
          </Text>
          <PreviewTable
            title="Invitation links"
            columns={['Person', 'Link']}
            rows={invitations.map(({ name, email, url }) => ({ key: email, cells: [name, url] }))}
          />
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {invitations.length > 0 && (
          <Button
            leftSection={<IconDownload size={18} aria-hidden="true" />}
            onClick={() => download(done.invitationsCsv)}
          >
            Download the links
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function download(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = 'ringside-invitations.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}

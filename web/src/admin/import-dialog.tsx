import { Button, Checkbox, FileInput, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { importTitles, mostCsv } from '../../../src/organization/people-csv-contract.ts';
import { counted } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { ImportOutcome } from './import-outcome.tsx';
import { ImportRows } from './import-rows.tsx';
import { useForm } from './organization-context.ts';
import { decodeText } from './read-text-file.ts';
import { useImportPreview, usePeopleImport } from './use-people-file.ts';

/** How a file must be. */
function ImportGuide() {
  return (
    <div>
      <Text size="sm" mb={6}>
        The first row of the file names its columns, in any order: {columns}. Only{' '}
        {importTitles.email} must be there. Export gives such a file.
      </Text>
      <List size="sm" spacing={2}>
        <List.Item>
          People are known by their e-mail address. Nobody is removed by leaving a row out.
        </List.Item>
        <List.Item>
          A column that is not there changes nothing. An empty plan, phone extension or list of
          teams takes it away.
        </List.Item>
        <List.Item>
          Several teams stand in one cell, divided by |. A team that is not there yet is made.
        </List.Item>
      </List>
    </div>
  );
}

const columns = Object.values(importTitles).join(', ');

/** The pop-up 'Import people': choose a file, see what it would do, then do it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [csv, setCsv] = useState('');
  const { view } = useForm();
  const [sendMail, setSendMail] = useState(true);
  const [unread, setUnread] = useState<string | null>(null);
  const preview = useImportPreview();
  const run = usePeopleImport();
  const done = run.data;

  const look = async (chosen: File | null) => {
    setFile(chosen);
    setUnread(null);
    preview.reset();
    run.reset();
    if (chosen === null) return;
    // UTF-16 takes two bytes a character.
    if (chosen.size > mostCsv * 2) return setUnread('This file is too large. Divide it.');
    let text: string;
    try {
      text = decodeText(new Uint8Array(await chosen.arrayBuffer()));
    } catch {
      return setUnread('The browser could not read this file. Choose it again.');
    }
    if (text.startsWith('PK')) return setUnread('This is a workbook. Save it as CSV first.');
    setCsv(text);
    preview.mutate(text);
  };

  if (done !== undefined) {
    return (
      <Modal opened onClose={onClose} title="People are imported" closeOnClickOutside={false}>
        <ImportOutcome done={done} mailed={view.mail && sendMail} onClose={onClose} />
      </Modal>
    );
  }
  const rows = preview.data?.rows ?? [];
  const wrong = rows.filter(({ action }) => action === 'wrong').length;
  const acting = rows.filter(({ action }) => action === 'create' || action === 'change').length;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Import people"
      size="xl"
      closeOnClickOutside={preview.data === undefined}
    >
      <Stack>
        <ImportGuide />
        <FileInput
          label="CSV file"
          placeholder="Choose a file"
          accept=".csv,.txt,text/csv"
          leftSection={<IconFileUpload size={18} aria-hidden="true" />}
          // The same file, mended, is to be noticed when it is chosen again.
          fileInputProps={{ onClick: (event) => void (event.currentTarget.value = '') }}
          value={file}
          onChange={(chosen) => void look(chosen)}
          error={unread}
          clearable
          clearButtonProps={{ 'aria-label': 'Choose no file' }}
        />
        {preview.isError && (
          <ProblemAlert error={preview.error} title="This file cannot be imported" />
        )}
        {preview.isPending && (
          <Text size="sm" role="status">
            Reading…
          </Text>
        )}
        {preview.data !== undefined && <ImportRows preview={preview.data} />}
        {run.isError && (
          <ProblemAlert error={run.error} title="Nobody was imported">
            <Button size="xs" variant="default" mt="sm" onClick={() => void look(file)}>
              Look again
            </Button>
          </ProblemAlert>
        )}
        {view.mail && rows.some(({ action }) => action === 'create') && (
          <Checkbox
            label="Send everybody who is added an invitation by mail"
            checked={sendMail}
            onChange={(event) => setSendMail(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {preview.data !== undefined && wrong === 0 && acting > 0 && (
            <Button
              loading={run.isPending}
              onClick={() =>
                run.mutate({
                  csv,
                  version: preview.data.version,
                  sendMail: view.mail && sendMail,
                })
              }
            >
              Import {counted(acting, 'person', 'people')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

import {
  Alert,
  Button,
  Group,
  Loader,
  Modal,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { WriteDetail } from '../../../src/desk/mend-contract.ts';
import { counted } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useWrite, useWriteMending } from './use-writes.ts';

/** The pop-up in which a write that was refused is edited and sent again, or dropped. */
export function WriteMending({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error } = useWrite(id);
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      title={data?.subject ?? 'Not in ServiceNow yet'}
      size="lg"
    >
      {error !== null && <ProblemAlert error={error} title="It could not be loaded" />}
      {data === undefined && error === null && (
        <Loader size="sm" type="dots" aria-label="Loading" />
      )}
      {data !== undefined && <MendingForm write={data} onClose={onClose} />}
    </Modal>
  );
}

function MendingForm({ write, onClose }: { write: WriteDetail; onClose: () => void }) {
  const { retry, drop } = useWriteMending(write.id);
  const [changed, setChanged] = useState<Readonly<Record<string, string>>>({});
  const [dropping, setDropping] = useState(false);
  const failure = retry.error ?? drop.error;
  const done = { onSuccess: onClose };
  return (
    <Stack>
      {failure !== null && <ProblemAlert error={failure} title="Nothing was changed" />}
      {write.reason !== null && (
        <Alert
          color="yellow"
          variant="light"
          icon={<IconAlertTriangle aria-hidden="true" />}
          title="Why it was not taken"
        >
          <Text size="sm">
            {write.reason} {write.fix}
          </Text>
        </Alert>
      )}
      {write.fields.map(({ name, value, editable }) => (
        <Field
          key={name}
          label={titleOf(name)}
          value={changed[name] ?? value}
          editable={editable}
          onChange={(text) => setChanged((before) => ({ ...before, [name]: text }))}
        />
      ))}
      {write.waitingFor > 0 && (
        <Text size="sm" c="dimmed">
          {counted(write.waitingFor, 'later entry waits', 'later entries wait')} for this one.
        </Text>
      )}
      {dropping ? (
        <Group justify="flex-end">
          <Text size="sm">It will never be written to ServiceNow. This cannot be undone.</Text>
          <Button variant="default" onClick={() => setDropping(false)} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={drop.isPending} onClick={() => drop.mutate(undefined, done)}>
            Drop it
          </Button>
        </Group>
      ) : (
        <Group justify="flex-end">
          <Button variant="subtle" color="red" onClick={() => setDropping(true)}>
            Drop…
          </Button>
          <Button loading={retry.isPending} onClick={() => retry.mutate({ ...changed }, done)}>
            {Object.keys(changed).length > 0 ? 'Send with these changes' : 'Send again'}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface FieldProps {
  label: string;
  value: string;
  editable: boolean;
  onChange: (text: string) => void;
}

function Field({ label, value, editable, onChange }: FieldProps) {
  const common = {
    ...{ label, value, readOnly: !editable, maxLength: 16_000 },
    ...(editable ? {} : { description: 'Stays as it is.' }),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  return value.length > 80 || value.includes('\n') ? (
    <Textarea autosize minRows={2} maxRows={12} {...common} />
  ) : (
    <TextInput {...common} />
  );
}

/** `shortDescription` as `Short description`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

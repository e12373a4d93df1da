import {
  Alert,
  Button,
  Group,
  Loader,
  Modal,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { ShownField, WriteDetail } from '../../../src/desk/mend-contract.ts';
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
      {write.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={changed[field.name] ?? field.value}
          onChange={(text) => setChanged((before) => ({ ...before, [field.name]: text }))}
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
  field: ShownField;
  /** As edited. */
  value: string;
  onChange: (text: string) => void;
}

/** One value of the write. Its own name, and the id behind a name, are told to a pointer that rests on it. */
function Field({ field, value, onChange }: FieldProps) {
  const { name, label, editable, shown, choices } = field;
  const common = {
    label: <span title={name}>{label}</span>,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (!editable)
    return (
      <TextInput
        {...common}
        {...{ value: shown ?? value, title: value, readOnly: true }}
        description="Stays as it is."
      />
    );
  if (choices !== null)
    return <NativeSelect {...common} value={value} data={withValue(choices, field.value)} />;
  const text = { ...common, value, maxLength: 16_000 };
  return field.value.length > 80 || value.includes('\n') || isLong(name) ? (
    <Textarea autosize minRows={2} maxRows={12} {...text} />
  ) : (
    <TextInput {...text} />
  );
}

const isLong = (name: string): boolean => ['text', 'notes', 'description'].includes(name);

/** Also what the write says now, where the list no longer has it. */
function withValue(choices: { value: string; label: string }[], value: string) {
  const known = choices.some((choice) => choice.value === value);
  return known ? choices : [{ value, label: value }, ...choices];
}

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ConnectionRow, CrmPlatformView } from '../../../src/organization/contract.ts';
import { isShown } from '../../../src/platform/setting-field.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { ConnectionGuide } from './connection-guide.tsx';
import { atOwnFields } from './setting-errors.ts';
import { SettingInput } from './setting-input.tsx';
import { useConnectionSave } from './use-connections.ts';

interface ConnectionFormProps {
  connection: ConnectionRow;
  platform: CrmPlatformView;
  onClose: () => void;
  onCheck: () => void;
}

/** The form that a platform describes. What Save mended stays on the screen until it was seen. */
export function ConnectionForm({ connection, platform, onClose, onCheck }: ConnectionFormProps) {
  const send = useConnectionSave(connection.id);
  const [notes, setNotes] = useState<Readonly<Record<string, string[]>>>({});
  const form = useForm<Record<string, string>>({
    mode: 'controlled',
    initialValues: valuesOf(connection, platform),
    validate: (values) => missingFields(values, connection, platform),
    onValuesChange: () => setNotes({}),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const saved = await atOwnFields(send(values));
    if (saved.notes.length === 0) {
      onClose();
      notifications.show({
        color: 'green',
        title: `${connection.title} connection saved`,
        message: 'Now run Systems Check at the top of the page.',
      });
      return;
    }
    form.setValues(valuesOf(saved.connection, platform));
    form.resetDirty();
    setNotes(messagesByField(saved.notes));
  });
  const mended = Object.keys(notes).length > 0;
  const { fields } = platform;
  const shown = fields.filter((field) => isShown(field, fields, form.getValues()));
  const firstTyped = shown.find(({ kind }) => kind !== 'choice');
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <ConnectionGuide platform={platform} />
        <FormProblem problem={problem} title="The connection was not saved" />
        {shown.map((field) => (
          <SettingInput
            key={field.name}
            field={field}
            stored={connection.storedSecrets.includes(field.name)}
            notes={notes[field.name] ?? []}
            autoFocus={field === firstTyped}
            input={form.getInputProps(field.name)}
          />
        ))}
        {mended ? (
          <Mended onClose={onClose} onCheck={onCheck} />
        ) : (
          <FormFoot busy={busy} onCancel={onClose} />
        )}
      </Stack>
    </form>
  );
}

function Mended({ onClose, onCheck }: { onClose: () => void; onCheck: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  return (
    <Alert
      color="green"
      variant="light"
      role="status"
      icon={<IconCheck aria-hidden="true" />}
      title="Saved"
    >
      <Text size="sm">Something was mended on the way: see the notes beside the fields.</Text>
      <Group mt="sm" gap="xs">
        <Button size="xs" variant="default" onClick={onClose} ref={close}>
          Close
        </Button>
        <Button size="xs" onClick={onCheck}>
          Run Systems Check
        </Button>
      </Group>
    </Alert>
  );
}

function valuesOf(connection: ConnectionRow, platform: CrmPlatformView): Record<string, string> {
  return Object.fromEntries(
    platform.fields.map(({ name, choices }) => [
      name,
      connection.settings[name] ?? choices?.[0]?.value ?? '',
    ]),
  );
}

function missingFields(
  values: Record<string, string>,
  { storedSecrets }: ConnectionRow,
  platform: CrmPlatformView,
): Record<string, string> {
  const { fields } = platform;
  const missing = fields.filter(
    (field) =>
      field.required &&
      isShown(field, fields, values) &&
      (values[field.name] ?? '').trim() === '' &&
      !storedSecrets.includes(field.name),
  );
  return Object.fromEntries(missing.map(({ name, title }) => [name, `Fill in ${title}.`]));
}

function messagesByField(notes: { field: string; message: string }[]): Record<string, string[]> {
  const groups = Map.groupBy(notes, ({ field }) => field.replace(/^settings\./, ''));
  return Object.fromEntries(
    [...groups].map(([field, group]) => [field, group.map(({ message }) => message)]),
  );
}

import { Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { PhoneSystemKindView, PhoneSystemRow } from '../../../src/organization/contract.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { ConnectionGuide } from './connection-guide.tsx';
import { atOwnFields } from './setting-errors.ts';
import { SettingInput } from './setting-input.tsx';

interface PhoneSettingsFormProps {
  kind: PhoneSystemKindView;
  /** What is stored; a new one has only a name. */
  system: Pick<PhoneSystemRow, 'name' | 'settings' | 'storedSecrets'>;
  send: (name: string, settings: Record<string, string>) => Promise<void>;
  onCancel: () => void;
}

/** The form that a kind of phone system describes, for one that Ringside connects to. */
export function PhoneSettingsForm({ kind, system, send, onCancel }: PhoneSettingsFormProps) {
  const form = useForm<Record<string, string>>({
    mode: 'controlled',
    initialValues: {
      name: system.name,
      ...Object.fromEntries(
        kind.fields.map(({ name, choices }) => [
          name,
          system.settings[name] ?? choices?.[0]?.value ?? '',
        ]),
      ),
    },
    validate: (values) => missing(values, kind, system.storedSecrets),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, ({ name = '', ...settings }) =>
    atOwnFields(send(name, settings)),
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <ConnectionGuide platform={kind} />
        <FormProblem problem={problem} title="Not saved" />
        <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        {kind.fields.map((field) => (
          <SettingInput
            key={field.name}
            field={field}
            stored={system.storedSecrets.includes(field.name)}
            notes={[]}
            autoFocus={false}
            input={form.getInputProps(field.name)}
          />
        ))}
        <FormFoot busy={busy} onCancel={onCancel} />
      </Stack>
    </form>
  );
}

/** What the server fills in by itself, such as the usual port, may be left empty. */
const mayBeEmpty = ['port'];

function missing(
  values: Record<string, string>,
  kind: PhoneSystemKindView,
  storedSecrets: string[],
): Record<string, string> {
  const empty = (name: string) => (values[name] ?? '').trim() === '';
  const wanted = kind.fields.filter(
    ({ name, required }) =>
      required && !storedSecrets.includes(name) && !mayBeEmpty.includes(name) && empty(name),
  );
  return {
    ...(empty('name') ? { name: 'Give it a name, such as Head office.' } : {}),
    ...Object.fromEntries(wanted.map(({ name, title }) => [name, `Fill in ${title}.`])),
  };
}

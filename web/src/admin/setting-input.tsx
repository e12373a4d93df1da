import { NativeSelect, PasswordInput, Text, TextInput } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import type { SettingFieldView } from '../../../src/organization/contract.ts';

interface SettingInputProps {
  field: SettingFieldView;
  /** A secret of this name is kept already. */
  stored: boolean;
  /** What Save mended in this field. */
  notes: string[];
  autoFocus: boolean;
  /** What @mantine/form gives the input. */
  input: object;
}

/** One field of a form that a CRM platform or a kind of phone system describes. */
export function SettingInput({ field, stored, notes, autoFocus, input }: SettingInputProps) {
  const kept = field.kind === 'secret' && stored;
  const common = {
    ...input,
    label: field.title,
    placeholder: field.placeholder,
    description: kept
      ? `${field.name === 'password' ? 'A password' : field.title} is stored. Leave empty to keep it.`
      : field.help,
    spellCheck: false,
    autoCapitalize: 'none',
    'data-autofocus': autoFocus || undefined,
  };
  return (
    <div>
      {field.kind === 'choice' ? (
        <NativeSelect {...common} data={field.choices ?? []} />
      ) : field.kind === 'secret' ? (
        <PasswordInput {...common} autoComplete="new-password" />
      ) : (
        <TextInput
          {...common}
          autoComplete="off"
          inputMode={field.kind === 'url' ? 'url' : 'text'}
        />
      )}
      {notes.map((note) => (
        <Text key={note} size="xs" fw={600} c="var(--ringside-warn)" mt={4} role="status">
          <IconSparkles size={13} aria-hidden="true" style={{ verticalAlign: '-2px' }} /> {note}
        </Text>
      ))}
    </div>
  );
}

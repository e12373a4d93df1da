import { TextInput } from '@mantine/core';

interface TimeInputProps {
  label: string;
  value: string;
  path: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** A time of day as 24-hour text, which also knows 24:00. */
export function TimeInput({ label, value, path, error, onChange }: TimeInputProps) {
  return (
    <TextInput
      aria-label={label}
      placeholder="09:00"
      inputMode="numeric"
      maxLength={5}
      w={110}
      value={value}
      error={error}
      data-path={path}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}

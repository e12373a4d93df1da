import { TextInput } from '@mantine/core';
import { memo } from 'react';
import { useSeenExtensions } from './seen-extensions.tsx';

interface ExtensionInputProps {
  personName: string;
  path: string;
  value: string | null;
  error: string | undefined;
  onSet: (path: string, value: string | null) => void;
}

export const ExtensionInput = memo(function ExtensionInput(props: ExtensionInputProps) {
  const { personName, path, value, error, onSet } = props;
  const seen = useSeenExtensions();
  return (
    <TextInput
      aria-label={`Phone Extension of ${personName}`}
      placeholder="None"
      inputMode="tel"
      autoComplete="off"
      list={seen}
      maxLength={32}
      value={value ?? ''}
      onChange={(event) => onSet(path, event.currentTarget.value.trim() || null)}
      error={error}
      data-path={path}
      size="xs"
    />
  );
});

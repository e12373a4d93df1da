import { Button, Code, Group, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useId } from 'react';
import classes from './copy-field.module.css';

interface CopyFieldProps {
  label: string;
  value: string;
  /** Keeps line breaks; for commands. */
  block?: boolean;
}

/** Text to be taken elsewhere. Where the browser forbids copying (no https), it can still be selected by hand. */
export function CopyField({ label, value, block = false }: CopyFieldProps) {
  const id = useId();
  const clipboard = useClipboard({ timeout: 3000 });
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600} id={id}>
          {label}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={
            clipboard.copied ? (
              <IconCheck size={14} aria-hidden="true" />
            ) : (
              <IconCopy size={14} aria-hidden="true" />
            )
          }
          onClick={() => clipboard.copy(value)}
          aria-label={`Copy ${label}`}
        >
          <span aria-live="polite">
            {clipboard.copied
              ? 'Copied'
              : clipboard.error === null
                ? 'Copy'
                : 'Select it and copy by hand'}
          </span>
        </Button>
      </Group>
      <Code
        block
        className={classes.value}
        data-block={block || undefined}
        tabIndex={0}
        role="group"
        aria-labelledby={id}
      >
        {value}
      </Code>
    </div>
  );
}

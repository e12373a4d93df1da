import { Button, Group, Stack, Text } from '@mantine/core';
import { CopyField } from '../ui/copy-field.tsx';
import { hookExample } from './hook-example.ts';
import { useForm } from './organization-context.ts';

interface HookUrlProps {
  url: string;
  signed: boolean;
  /** Speaks the generic format, so that it can be tried by hand. */
  generic: boolean;
  onClose: () => void;
}

/** The address that a phone system posts to, shown only once, and a way to try it. */
export function HookUrl({ url, signed, generic, onClose }: HookUrlProps) {
  const { view } = useForm();
  const extension =
    view.people.find((person) => person.active && person.extension !== null)?.extension ?? '101';
  return (
    <Stack>
      <Text size="sm">
        Have the phone system post its events to this address. It is shown only now, because whoever
        knows it can make phones ring here; you can make a new one later.
      </Text>
      <CopyField label="Hook URL" value={url} />
      {generic && (
        <>
          <CopyField label="Try it" value={hookExample(url, { extension, signed })} block />
          <Text size="xs" c="dimmed">
            Rings extension {extension} as a call from +49 30 12345678. Keep the Desk of that person
            open to see it.
          </Text>
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

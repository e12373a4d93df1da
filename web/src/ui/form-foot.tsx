import { Button, Group } from '@mantine/core';

/** The two buttons below a form in a pop-up. `submit` says what the second does. */
export function FormFoot({
  busy,
  submit = 'Save',
  onCancel,
}: {
  busy: boolean;
  submit?: string;
  onCancel: () => void;
}) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {submit}
      </Button>
    </Group>
  );
}

import { Alert, Button, Group, List, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { pathLabel, valueLabel } from './edit-summary.ts';
import { valueAt } from './edits.ts';
import { useForm } from './organization-context.ts';

/** Somebody else saved the same field in between: show both, let the reader decide. */
export function CollisionNotice() {
  const { collisions, edits, view, keepMine, takeTheirs } = useForm();
  if (collisions.length === 0) return null;
  return (
    <Alert
      role="alert"
      color="yellow"
      variant="light"
      mb="md"
      icon={<IconUsers aria-hidden="true" />}
      title="Somebody else changed the same"
    >
      <Text size="sm">Decide before you save:</Text>
      <List size="sm" mt={4}>
        {collisions.map((path) => (
          <List.Item key={path}>
            {pathLabel(view, path)}: theirs <b>{valueLabel(view, path, valueAt(view, path))}</b>,
            yours <b>{valueLabel(view, path, edits[path]?.after)}</b>
          </List.Item>
        ))}
      </List>
      <Group mt="sm" gap="xs">
        <Button size="xs" onClick={keepMine}>
          Keep mine
        </Button>
        <Button size="xs" variant="default" onClick={takeTheirs}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}

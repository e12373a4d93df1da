import { Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconPencil } from '@tabler/icons-react';
import { summaryOf } from './edit-summary.ts';
import { useForm } from './organization-context.ts';
import classes from './save-bar.module.css';

/** Sticks to the top of the page while something is unsaved, and says what. */
export function SaveBar() {
  const { edits, undo, save, saving, collisions } = useForm();
  const summary = summaryOf(edits);
  return (
    <div className={classes.place} data-shown={summary !== '' || undefined}>
      <section className={classes.bar} aria-label="Unsaved changes" hidden={summary === ''}>
        <IconPencil size={18} aria-hidden="true" className={classes.icon} />
        <Text size="sm" className={classes.text} role="status">
          <b>Unsaved:</b> {summary}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArrowBackUp size={15} aria-hidden="true" />}
            onClick={undo}
            disabled={saving}
          >
            Undo
          </Button>
          <Button
            size="xs"
            onClick={() => void save()}
            loading={saving}
            disabled={collisions.length > 0}
          >
            Save
          </Button>
        </Group>
      </section>
    </div>
  );
}

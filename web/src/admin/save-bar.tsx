import { Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconPencil } from '@tabler/icons-react';
import { useLayoutEffect, useRef } from 'react';
import type { FocusEvent } from 'react';
import { summaryOf } from './edit-summary.ts';
import { useForm } from './organization-context.ts';
import classes from './save-bar.module.css';

/** Sticks to the top of the page while something is unsaved, and says what. */
export function SaveBar() {
  const { view, edits, undo, save, saving, collisions } = useForm();
  const summary = summaryOf(view, edits);
  const focus = useFocusGivenBack(summary === '');
  return (
    <div className={classes.place} data-shown={summary !== '' || undefined}>
      <section
        className={classes.bar}
        aria-label="Unsaved changes"
        hidden={summary === ''}
        {...focus}
      >
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

/** Whoever works by keyboard goes on where they came to the bar from, once it is gone with the button they pressed. */
function useFocusGivenBack(gone: boolean) {
  const cameFrom = useRef<Element | null>(null);
  useLayoutEffect(() => {
    const field = cameFrom.current;
    if (!gone || field === null) return;
    cameFrom.current = null;
    if (field instanceof HTMLElement) field.focus({ preventScroll: true });
  }, [gone]);
  return {
    onFocus: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null && !currentTarget.contains(relatedTarget))
        cameFrom.current = relatedTarget;
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      // A button that is disabled while it saves loses the focus to nothing.
      if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) cameFrom.current = null;
    },
  };
}

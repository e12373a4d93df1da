import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

/** Asks before unsaved edits are lost, within the app and when the window closes. */
export function LeaveGuard({ summary }: { summary: string }) {
  const dirty = summary !== '';
  const blocker = useBlocker({
    // Jumping between the sections of this page loses nothing.
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  const blocked = blocker.status === 'blocked';
  return (
    <Modal
      opened={blocked}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      size="sm"
    >
      <Text size="sm">Not saved yet: {summary}. It is lost when you leave this page.</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
          Stay here
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          Leave and lose it
        </Button>
      </Group>
    </Modal>
  );
}

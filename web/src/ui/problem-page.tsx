import { Button, Center, Group, Loader } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Page } from './page.tsx';
import { ProblemAlert } from './problem-alert.tsx';

/** In place of a page that could not be loaded. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title="This page could not be shown">
      <ProblemAlert error={error}>
        <Group mt="md">
          <Button onClick={again}>Try again</Button>
        </Group>
      </ProblemAlert>
    </Page>
  );
}

export function NotFoundPage() {
  return (
    <Page title="There is no such page" lead="The address may be mistyped, or the page has moved.">
      <Button component={Link} to="/">
        Go to the start
      </Button>
    </Page>
  );
}

export function PendingPage() {
  return (
    <Center mih="40vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}

import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import classes from './check-run-view.module.css';
import { CheckStep } from './check-step.tsx';
import { useSingleSignOnTest } from './use-single-sign-on.ts';

/** The pop-up 'Test connection': asks the sign-in service, and shows each step with its mend. */
export function SingleSignOnTestDialog({ onClose }: { onClose: () => void }) {
  const test = useSingleSignOnTest();
  return (
    <Modal opened onClose={onClose} title="Test of single sign-on" size="xl">
      <Stack>
        <div role="status">
          {test.isFetching && (
            <Group gap="sm">
              <Loader size="sm" aria-hidden="true" />
              <Text size="sm">Asking …</Text>
            </Group>
          )}
          {test.isSuccess && !test.isFetching && (
            <Text fw={650}>
              {test.data.ok
                ? 'Your sign-in service is ready. Now sign in once in another browser.'
                : 'It does not work yet.'}
            </Text>
          )}
        </div>
        {test.isError && <ProblemAlert error={test.error} title="The test could not be run" />}
        {test.isSuccess && (
          <ol className={classes.steps}>
            {test.data.steps.map((step) => (
              <CheckStep key={step.id} step={step} />
            ))}
          </ol>
        )}
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => void test.refetch()}
            loading={test.isFetching}
            data-autofocus
          >
            Test again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import classes from './check-run-view.module.css';
import { CheckStep } from './check-step.tsx';

interface Test {
  ok: boolean;
  steps: ComponentProps<typeof CheckStep>['step'][];
}

interface TestDialogProps {
  title: string;
  test: UseQueryResult<Test>;
  /** What is being done while it runs. */
  doing: string;
  /** The outcome in one sentence. */
  outcome: (ok: boolean) => string;
  onClose: () => void;
}

/** A pop-up that tests something once, and shows each step with its time and mend. */
export function TestDialog({ title, test, doing, outcome, onClose }: TestDialogProps) {
  return (
    <Modal opened onClose={onClose} title={title} size="xl">
      <Stack>
        <div role="status">
          {test.isFetching && (
            <Group gap="sm">
              <Loader size="sm" aria-hidden="true" />
              <Text size="sm">{doing}</Text>
            </Group>
          )}
          {test.isSuccess && !test.isFetching && <Text fw={650}>{outcome(test.data.ok)}</Text>}
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

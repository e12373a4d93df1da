import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { phoneSystemTest } from '../../../src/organization/contract.ts';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { CheckStep } from './check-step.tsx';
import classes from './check-run-view.module.css';

/** The pop-up 'Test': connects once, and shows each step with its time and mend. */
export function PhoneSystemTest({
  system,
  onClose,
}: {
  system: PhoneSystemRow;
  onClose: () => void;
}) {
  const test = useQuery({
    queryKey: ['phone-system-test', system.id],
    queryFn: ({ signal }) =>
      api.post(`/phone-systems/${system.id}/test`, undefined, phoneSystemTest, { signal }),
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Modal opened onClose={onClose} title={`Test of ${system.name}`} size="xl">
      <Stack>
        <div role="status">
          {test.isFetching && (
            <Group gap="sm">
              <Loader size="sm" aria-hidden="true" />
              <Text size="sm">Connecting …</Text>
            </Group>
          )}
          {test.isSuccess && !test.isFetching && (
            <Text fw={650}>
              {test.data.ok ? `${system.name} works.` : `${system.name} does not work yet.`}
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

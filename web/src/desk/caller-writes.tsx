import { Alert, Text } from '@mantine/core';
import type { Pop } from '../../../src/desk/contract.ts';
import type { WriteView } from '../../../src/desk/outbox-contract.ts';

const kinds: readonly WriteView['kind'][] = ['create-contact', 'create-customer', 'update-contact'];

/** What was ordered about the caller and is not in ServiceNow: on its way, or refused in ServiceNow's own words. */
export function CallerWrites({ pop }: { pop: Pop }) {
  const open = pop.work.writes.filter(
    ({ kind, state }) => kinds.includes(kind) && state !== 'delivered',
  );
  if (open.length === 0) return null;
  return (
    <div role="status">
      {open.map(({ id, subject, state, reason, fix }) =>
        state === 'attention' ? (
          <Alert
            key={id}
            color="red"
            variant="light"
            mt="xs"
            title={`${subject}: not in ServiceNow`}
          >
            {reason ?? 'It was refused.'} {fix}
          </Alert>
        ) : (
          <Text key={id} size="sm" c="dimmed" mt={4}>
            {subject}: saved here, on its way to ServiceNow
          </Text>
        ),
      )}
    </div>
  );
}

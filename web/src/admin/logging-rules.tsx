import { Checkbox, Group, NumberInput, Stack } from '@mantine/core';
import { callDirections, callResults } from '../../../src/organization/call-handling.ts';
import { useCallHandling } from './use-call-handling.ts';

const directionLabels: Record<(typeof callDirections)[number], string> = {
  inbound: 'Incoming',
  outbound: 'Outgoing',
  internal: 'Between colleagues',
};
const resultLabels: Record<(typeof callResults)[number], string> = {
  answered: 'Answered',
  missed: 'Missed',
  abandoned: 'Abandoned in a queue',
  busy: 'Busy',
  declined: 'Declined',
  failed: 'Failed',
  unknown: 'Unknown',
};

/** Which calls become records in the CRM. */
export function LoggingRules() {
  const { value, change, errorOf, pathOf } = useCallHandling('logging');
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label="Calls"
        value={value.directions}
        onChange={(directions) => change({ ...value, directions })}
      >
        <Group mt={6}>
          {callDirections.map((one) => (
            <Checkbox key={one} value={one} label={directionLabels[one]} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox.Group
        label="That ended"
        value={value.results}
        onChange={(results) => change({ ...value, results })}
      >
        <Group mt={6}>
          {callResults.map((one) => (
            <Checkbox key={one} value={one} label={resultLabels[one]} />
          ))}
        </Group>
      </Checkbox.Group>
      <NumberInput
        label="Shortest conversation"
        description="Seconds; answered calls that were shorter are not logged."
        min={0}
        max={3600}
        allowDecimal={false}
        maw={320}
        value={value.minimumSeconds}
        error={errorOf('minimumSeconds')}
        data-path={pathOf('minimumSeconds')}
        onChange={(seconds) =>
          typeof seconds === 'number' && change({ ...value, minimumSeconds: seconds })
        }
      />
    </Stack>
  );
}

import { Text } from '@mantine/core';
import type { Pop } from '../../../src/desk/contract.ts';
import { ago } from './wording.ts';

/** Nobody in the mirror has the number: says so, and how old that knowledge is. */
export function UnknownCaller({ pop, now }: { pop: Pop; now: number }) {
  return (
    <Text size="sm" c="dimmed" mt="sm">
      {unknownText(pop, now)}
    </Text>
  );
}

function unknownText(pop: Pop, now: number): string {
  if (pop.caller.e164 === null && pop.caller.raw === '') return 'The phone system sent no number.';
  if (pop.caller.e164 === null) return 'This is not a number that can be looked up.';
  const age =
    pop.asOf === null
      ? 'Nothing was pulled from ServiceNow yet.'
      : `Data of ${ago(pop.asOf, now)}.`;
  return `No contact, customer or user in ServiceNow has this number. ${age}`;
}

import { NumberInput, SimpleGrid } from '@mantine/core';
import { plans } from '../../../src/organization/plan.ts';
import type { Plan } from '../../../src/organization/plan.ts';

interface SeatInputsProps {
  seats: Record<Plan, number>;
  errors: Partial<Record<string, unknown>>;
  onSet: (plan: Plan, total: number) => void;
}

/** How many seats of each plan an organization gets. */
export function SeatInputs({ seats, errors, onSet }: SeatInputsProps) {
  return (
    <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="sm">
      {plans.map((plan) => (
        <NumberInput
          key={plan}
          label={`Seats of ${plan}`}
          value={seats[plan]}
          onChange={(value) => onSet(plan, typeof value === 'number' ? value : 0)}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          allowNegative={false}
          error={errors[`seats.${plan}`] as string | undefined}
          data-path={`seats.${plan}`}
        />
      ))}
    </SimpleGrid>
  );
}

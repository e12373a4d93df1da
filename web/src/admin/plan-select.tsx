import { NativeSelect } from '@mantine/core';
import { memo } from 'react';
import { plans } from '../../../src/organization/plan.ts';
import type { Plan } from '../../../src/organization/plan.ts';

export const planOptions = [
  { value: '', label: 'No plan' },
  ...plans.map((plan) => ({ value: plan, label: plan })),
];

interface PlanSelectProps {
  personName: string;
  /** What a reader is told; left out: the name of the column. */
  label?: string;
  path: string;
  value: Plan | null;
  error: string | undefined;
  onSet: (path: string, value: Plan | null) => void;
}

export const PlanSelect = memo(function PlanSelect({
  personName,
  label = `Selected Plan of ${personName}`,
  path,
  value,
  error,
  onSet,
}: PlanSelectProps) {
  return (
    <NativeSelect
      aria-label={label}
      data={planOptions}
      value={value ?? ''}
      onChange={(event) => onSet(path, (event.currentTarget.value || null) as Plan | null)}
      error={error}
      data-path={path}
      size="xs"
    />
  );
});

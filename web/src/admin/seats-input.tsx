import { NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Plan } from '../../../src/organization/plan.ts';

interface SeatsInputProps {
  plan: Plan;
  total: number;
  error: string | undefined;
  onSet: (path: string, value: number) => void;
}

/** The total of a plan's seats. May be empty while typing; leaving it empty puts the last number back. */
export function SeatsInput({ plan, total, error, onSet }: SeatsInputProps) {
  const path = `seats.${plan}`;
  const [typed, setTyped] = useState<number | string>(total);
  useEffect(() => setTyped(total), [total]);
  return (
    <NumberInput
      label={`Seats of ${plan}`}
      value={typed}
      onChange={(value) => {
        setTyped(value);
        if (typeof value === 'number') onSet(path, value);
      }}
      onBlur={() => typed === '' && setTyped(total)}
      min={0}
      max={1_000_000}
      allowDecimal={false}
      allowNegative={false}
      error={error}
      data-path={path}
      size="xs"
    />
  );
}

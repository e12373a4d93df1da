import { Badge } from '@mantine/core';
import type { Pop } from '../../../src/desk/contract.ts';

const looks = {
  urgent: { word: 'Urgent', color: 'red' },
  high: { word: 'High priority', color: 'yellow' },
  normal: { word: 'Normal', color: 'gray' },
  low: { word: 'Low priority', color: 'gray' },
} as const;

interface PriorityMarkProps {
  priority: NonNullable<Pop['priority']>;
  /** Without the rule. */
  brief?: boolean;
}

/** How urgent a call is, and which rule of the organization says so. */
export function PriorityMark({ priority: { level, why }, brief = false }: PriorityMarkProps) {
  const { word, color } = looks[level];
  return (
    <Badge size="sm" variant="light" color={color} tt="none" title={why}>
      {brief ? word : `${word}: ${why}`}
    </Badge>
  );
}

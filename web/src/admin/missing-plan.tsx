import { Alert } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { Feature } from '../../../src/organization/features.ts';
import { useMissingPlan } from './use-call-handling.ts';

/** Says which plan a feature needs, where the organization holds none of it. */
export function MissingPlan({ feature }: { feature: Feature }) {
  const missing = useMissingPlan(feature);
  if (missing === null) return null;
  return (
    <Alert variant="light" color="gray" icon={<IconLock size={18} aria-hidden="true" />} mb="sm">
      {missing}
    </Alert>
  );
}

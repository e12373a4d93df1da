import { Button } from '@mantine/core';
import { IconHomeCheck } from '@tabler/icons-react';
import type { SystemsCheck } from './use-systems-check.ts';

/** Opens the check of the house and starts it. */
export function HouseCheckButton({ check }: { check: SystemsCheck }) {
  return (
    <Button
      variant="default"
      onClick={check.startHouse}
      leftSection={<IconHomeCheck size={18} aria-hidden="true" />}
    >
      Check Ringside itself
    </Button>
  );
}

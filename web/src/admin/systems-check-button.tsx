import { Button, Loader } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import type { SystemsCheck } from './use-systems-check.ts';

/** Opens the Systems Check; shows when one is running behind the scenes. */
export function SystemsCheckButton({ check }: { check: SystemsCheck }) {
  return (
    <Button
      variant="default"
      onClick={check.start}
      leftSection={
        check.running ? (
          <Loader size={16} aria-hidden="true" />
        ) : (
          <IconStethoscope size={18} aria-hidden="true" />
        )
      }
      aria-description={check.running ? 'A check is running' : undefined}
    >
      Systems Check
    </Button>
  );
}

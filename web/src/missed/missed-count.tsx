import { Badge, VisuallyHidden } from '@mantine/core';
import { unlocks } from '../../../src/organization/features.ts';
import { useDeskView } from '../desk/desk-provider.tsx';
import { count } from '../ui/moment.ts';
import { useMe } from '../ui/use-me.ts';

/** Beside the name of the page: how many wait for a call back; nothing while nobody does. */
export function MissedCount() {
  const open = useDeskView().view.missed?.open ?? 0;
  // Whoever lost the plan was told a number before.
  const allowed = unlocks(useMe().person.plan, 'missed-calls');
  if (open === 0 || !allowed) return null;
  return (
    <>
      <Badge size="sm" variant="filled" aria-hidden="true">
        {open < 1000 ? count(open) : '999+'}
      </Badge>
      <VisuallyHidden>({count(open)} open)</VisuallyHidden>
    </>
  );
}

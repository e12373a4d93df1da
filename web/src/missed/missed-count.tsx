import { Badge, VisuallyHidden } from '@mantine/core';
import { useDeskView } from '../desk/desk-provider.tsx';
import { count } from '../ui/moment.ts';

/** Beside the name of the page: how many wait for a call back; nothing while nobody does. */
export function MissedCount() {
  const open = useDeskView().view.missed?.open ?? 0;
  if (open === 0) return null;
  return (
    <>
      <Badge size="sm" variant="filled" aria-hidden="true">
        {open < 1000 ? count(open) : '999+'}
      </Badge>
      <VisuallyHidden>({count(open)} open)</VisuallyHidden>
    </>
  );
}

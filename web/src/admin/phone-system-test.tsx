import { useQuery } from '@tanstack/react-query';
import { phoneSystemTest } from '../../../src/organization/contract.ts';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';
import { TestDialog } from './test-dialog.tsx';

/** The pop-up 'Test': connects once. */
export function PhoneSystemTest({
  system,
  onClose,
}: {
  system: PhoneSystemRow;
  onClose: () => void;
}) {
  const test = useQuery({
    queryKey: ['phone-system-test', system.id],
    queryFn: ({ signal }) =>
      api.post(`/phone-systems/${system.id}/test`, undefined, phoneSystemTest, { signal }),
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <TestDialog
      title={`Test of ${system.name}`}
      test={test}
      doing="Connecting …"
      outcome={(ok) => (ok ? `${system.name} works.` : `${system.name} does not work yet.`)}
      onClose={onClose}
    />
  );
}

import { TestDialog } from './test-dialog.tsx';
import { useSingleSignOnTest } from './use-single-sign-on.ts';

/** The pop-up 'Test connection': asks the sign-in service. */
export function SingleSignOnTestDialog({ onClose }: { onClose: () => void }) {
  return (
    <TestDialog
      title="Test of single sign-on"
      test={useSingleSignOnTest()}
      doing="Asking …"
      outcome={(ok) =>
        ok
          ? 'Your sign-in service is ready. Now sign in once in another browser.'
          : 'It does not work yet.'
      }
      onClose={onClose}
    />
  );
}

import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect } from 'react';
import { api, nothing } from '../ui/api.ts';
import { useDeskView } from './desk-provider.tsx';
import classes from './test-call-notice.module.css';

/** A test call of the Systems Check that came to this browser; says so to the server, which takes the time. */
export function TestCallNotice() {
  const id = useDeskView().view.test?.id;
  useEffect(() => {
    if (id === undefined) return;
    // The check tells when the answer does not arrive.
    api.post(`/desk/test-calls/${id}/shown`, {}, nothing, { quiet: true }).catch(() => undefined);
  }, [id]);
  if (id === undefined) return null;
  return (
    <p className={classes.notice} role="status">
      <IconPlugConnected size={18} aria-hidden="true" />
      <span>
        <b>A test call has come to this browser.</b> Only you see it; it is nobody’s call.
      </span>
    </p>
  );
}

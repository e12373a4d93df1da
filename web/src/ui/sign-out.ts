import { notifications } from '@mantine/notifications';
import { api, nothing } from './api.ts';
import { asProblem } from './problem.ts';

/** Ends the session and leaves the page, so that nothing of it stays in this tab. */
export async function signOut(): Promise<void> {
  try {
    await api.post('/api/auth/sign-out', {}, nothing, { quiet: true });
  } catch (error) {
    const problem = asProblem(error);
    // A session that is already over is as good as signed out.
    if (problem.status !== 401) {
      notifications.show({
        color: 'red',
        title: 'You are still signed in',
        message: problem.detail,
      });
      return;
    }
  }
  // What was typed and not sent was this person's.
  sessionStorage.clear();
  window.location.assign('/sign-in');
}

import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { enterPath } from './enter-path.ts';

/** Makes a session for an account that a provider vouches for, with better-auth's own cookies. */
export const enterPlugin = {
  id: 'ringside-single-sign-on',
  endpoints: {
    enterBySingleSignOn: createAuthEndpoint(
      enterPath,
      { method: 'POST', body: z.object({ userId: z.uuid() }) },
      async (context) => {
        const { internalAdapter } = context.context;
        const user = await internalAdapter.findUserById(context.body.userId);
        const session = user && (await internalAdapter.createSession(user.id, false));
        if (!user || !session) throw new APIError('UNAUTHORIZED');
        await setSessionCookie(context, { session, user });
        return context.json({ token: session.token });
      },
    ),
  },
};

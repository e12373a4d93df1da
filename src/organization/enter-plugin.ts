import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/** Of better-auth's own paths, which nobody reaches from outside: src/http/ mounts routes of our own alone. */
export const enterPath = '/single-sign-on/enter';

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

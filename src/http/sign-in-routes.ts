import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Accounts } from '../organization/accounts.ts';
import { passwordChange, signInInput } from '../organization/contract.ts';
import { signIn } from '../organization/sign-in.ts';
import { clientOf } from './authentication.ts';

/** Below /api/auth: what of better-auth can be reached from outside, behind our own schemas. */
export function signInRoutes(deps: {
  db: Database;
  clock: Clock;
  accounts: Accounts;
}): FastifyPluginAsyncZod {
  const tags = ['Signing in'];
  const done = { 204: z.null().describe('Done; the cookie is in Set-Cookie.') };
  return async (app) => {
    app.post(
      '/sign-in/email',
      {
        schema: { tags, summary: 'Sign in', body: signInInput, response: done },
        config: { anonymous: true },
      },
      async (request, reply) => {
        const cookies = await signIn(deps, clientOf(request), request.body);
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.post(
      '/sign-out',
      { schema: { tags, summary: 'Sign out', response: done }, config: { anonymous: true } },
      async (request, reply) => {
        const cookies = await deps.accounts.signOut(clientOf(request));
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.post(
      '/change-password',
      {
        schema: { tags, summary: 'Change the own password', body: passwordChange, response: done },
        config: { rateLimit: { max: 10, timeWindow: '1 minute' } },
      },
      async (request, reply) => {
        const cookies = await deps.accounts.changePassword(clientOf(request), request.body);
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );
  };
}

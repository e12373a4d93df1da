import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  codeInput,
  codeNeeded,
  forgottenPassword,
  passwordChange,
  signInInput,
} from '../organization/contract.ts';
import type { OrderMail } from '../organization/order-mail.ts';
import { askForPassword } from '../organization/request-password.ts';
import type { Jobs } from '../platform/jobs.ts';
import { enterCode, signIn } from '../organization/sign-in.ts';
import type { SignInDeps } from '../organization/sign-in.ts';
import { clientOf, viewerOf } from './authentication.ts';

/** Below /api/auth: what of better-auth can be reached from outside, behind our own schemas. */
export function signInRoutes(
  deps: SignInDeps & {
    jobs: Jobs;
    /** Null: this hub sends no mail. */
    orderMail: OrderMail | null;
    /** Told after sessions were ended: their live streams are to end at once. */
    sessionsEnded?(of: { organizationId: string; personId: string }): Promise<void>;
  },
): FastifyPluginAsyncZod {
  const tags = ['Signing in'];
  const done = { 204: z.null().describe('Done; the cookie is in Set-Cookie.') };
  const code = { 200: codeNeeded.describe('The password is right; a code is needed as well.') };
  return async (app) => {
    app.post(
      '/sign-in/email',
      {
        schema: { tags, summary: 'Sign in', body: signInInput, response: { ...done, ...code } },
        config: { anonymous: true },
      },
      async (request, reply) => {
        const { cookies, needsCode } = await signIn(deps, clientOf(request), request.body);
        reply.header('set-cookie', cookies);
        return needsCode ? reply.send({ needs: 'code' }) : reply.code(204).send(null);
      },
    );

    app.post(
      '/sign-in/code',
      {
        schema: {
          tags,
          summary: 'Sign in, second step: a code of the app or a recovery code',
          body: codeInput,
          response: done,
        },
        config: { anonymous: true },
      },
      async (request, reply) => {
        const cookies = await enterCode(deps, clientOf(request), request.body);
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.post(
      '/sign-out',
      { schema: { tags, summary: 'Sign out', response: done }, config: { anonymous: true } },
      async (request, reply) => {
        const client = clientOf(request);
        const found = await deps.accounts.authenticate(client);
        const cookies = await deps.accounts.signOut(client);
        if (found !== null) await deps.sessionsEnded?.(found.viewer);
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.post(
      '/forgotten-password',
      {
        schema: {
          tags,
          summary: 'Ask for a mail with a link to a new password',
          body: forgottenPassword,
          response: { 204: z.null().describe('Whether there is such an account is not told.') },
        },
        config: { anonymous: true, rateLimit: { max: 10, timeWindow: '1 minute' } },
      },
      async (request, reply) => {
        await askForPassword(deps, request.body.email);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/change-password',
      {
        schema: { tags, summary: 'Change the own password', body: passwordChange, response: done },
        config: { rateLimit: { max: 10, timeWindow: '1 minute' }, withoutSecondFactor: true },
      },
      async (request, reply) => {
        const cookies = await deps.accounts.changePassword(clientOf(request), request.body);
        await deps.sessionsEnded?.(viewerOf(request));
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );
  };
}

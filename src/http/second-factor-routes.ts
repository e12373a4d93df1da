import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  ownPassword,
  recoveryCodes,
  secondFactorCode,
  secondFactorStart,
} from '../organization/contract.ts';
import {
  confirmOwnSecondFactor,
  removeOwnSecondFactor,
  renewOwnRecoveryCodes,
} from '../organization/own-second-factor.ts';
import type { SignInDeps } from '../organization/sign-in.ts';
import { clientOf, viewerOf } from './authentication.ts';

/** Below /api/auth: the own second factor. */
export function secondFactorRoutes(deps: Omit<SignInDeps, 'pause'>): FastifyPluginAsyncZod {
  const tags = ['Signing in'];
  const done = { 204: z.null().describe('Done; the cookie is in Set-Cookie.') };
  // Each takes a password or a code, which may be guessed.
  const config = { rateLimit: { max: 10, timeWindow: '1 minute' }, withoutSecondFactor: true };
  return async (app) => {
    app.post(
      '/second-factor/start',
      {
        schema: {
          tags,
          summary: 'Begin to set up a second factor',
          body: ownPassword,
          response: { 200: secondFactorStart },
        },
        config,
      },
      (request) => deps.accounts.startSecondFactor(clientOf(request), request.body.password),
    );

    app.post(
      '/second-factor/confirm',
      {
        schema: {
          tags,
          summary: 'Set the second factor up by its first code',
          body: secondFactorCode,
          response: done,
        },
        config,
      },
      async (request, reply) => {
        const { code } = request.body;
        const cookies = await confirmOwnSecondFactor(
          deps,
          viewerOf(request),
          clientOf(request),
          code,
        );
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.post(
      '/second-factor/remove',
      {
        schema: {
          tags,
          summary: 'Take the own second factor away',
          body: ownPassword,
          response: done,
        },
        config,
      },
      async (request, reply) => {
        const { password } = request.body;
        const cookies = await removeOwnSecondFactor(
          deps,
          viewerOf(request),
          clientOf(request),
          password,
        );
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.post(
      '/second-factor/recovery-codes',
      {
        schema: {
          tags,
          summary: 'New recovery codes instead of the old ones',
          body: ownPassword,
          response: { 200: recoveryCodes },
        },
        config,
      },
      async (request) => {
        const { password } = request.body;
        const viewer = viewerOf(request);
        return {
          recoveryCodes: await renewOwnRecoveryCodes(deps, viewer, clientOf(request), password),
        };
      },
    );
  };
}

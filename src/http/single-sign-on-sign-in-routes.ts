import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { finishSingleSignOn, startSingleSignOn } from '../organization/enter-by-single-sign-on.ts';
import type { EnterDeps } from '../organization/enter-by-single-sign-on.ts';
import { SingleSignOnFailure } from '../organization/openid-provider.ts';
import { readCookie } from '../organization/session-cookie.ts';
import {
  singleSignOnAway,
  singleSignOnReturn,
  singleSignOnStart,
} from '../organization/single-sign-on-contract.ts';
import { callbackPath } from '../organization/single-sign-on-routes.ts';
import { singleSignOnSentences } from '../organization/single-sign-on.ts';
import { RingsideError } from '../platform/errors.ts';
import { clientOf } from './authentication.ts';
import { ownOrigin } from './origin.ts';

const cookieName = 'ringside.single_sign_on';

/** Below /api/auth: away to the organization's provider, and back. */
export function singleSignOnSignInRoutes(
  deps: EnterDeps & { publicUrl: string | null },
): FastifyPluginAsyncZod {
  const tags = ['Signing in'];
  const config = { anonymous: true, rateLimit: { max: 30, timeWindow: '1 minute' } };
  const secure = deps.publicUrl?.startsWith('https:') === true ? '; Secure' : '';
  // Lax: the way back is a link that another site opens.
  const cookie = (value: string, seconds: number) =>
    `${cookieName}=${value}; Max-Age=${seconds}; Path=/api/auth/single-sign-on; HttpOnly; SameSite=Lax${secure}`;
  return async (app) => {
    app.post(
      '/single-sign-on/start',
      {
        schema: {
          tags,
          summary: 'Begin to sign in by single sign-on',
          body: singleSignOnStart,
          response: { 200: singleSignOnAway },
        },
        config,
      },
      async (request, reply) => {
        const { email, return: returnPath } = request.body;
        const callbackUrl = new URL(callbackPath, ownOrigin(request, deps.publicUrl)).href;
        const { url, browserToken } = await startSingleSignOn(deps, {
          ...{ email, returnPath, callbackUrl },
        }).catch((error: unknown) => {
          throw refusalOf(error);
        });
        return reply.header('set-cookie', cookie(browserToken, 600)).send({ url });
      },
    );

    app.get(
      '/single-sign-on/callback',
      {
        schema: {
          tags,
          summary: 'Where the provider sends browsers back to',
          querystring: singleSignOnReturn,
          response: { 303: z.null().describe('On to Ringside, or to /sign-in?problem=…') },
        },
        config,
      },
      async (request, reply) => {
        const cameBack = new URL(request.url, ownOrigin(request, deps.publicUrl));
        const client = clientOf(request);
        const browserToken = readCookie(client.cookie, cookieName);
        reply.header('set-cookie', cookie('', 0));
        try {
          const done = await finishSingleSignOn(deps, client, { cameBack, browserToken });
          reply.header('set-cookie', done.cookies);
          return await reply.code(303).header('location', done.returnPath).send(null);
        } catch (error) {
          if (!(error instanceof SingleSignOnFailure)) throw error;
          return reply.code(303).header('location', `/sign-in?problem=${error.problem}`).send(null);
        }
      },
    );
  };
}

/** Before anybody has left: what a form shows. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof SingleSignOnFailure)) return error;
  return new RingsideError('conflict', singleSignOnSentences[error.problem], { cause: error });
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  deleteSingleSignOn,
  saveSingleSignOn,
  testSingleSignOn,
  viewSingleSignOn,
} from './change-single-sign-on.ts';
import type { SingleSignOnDeps } from './change-single-sign-on.ts';
import {
  singleSignOnInput,
  singleSignOnTest,
  singleSignOnView,
} from './single-sign-on-contract.ts';
import type { SingleSignOnView } from './single-sign-on-contract.ts';
import type { StoredSingleSignOn } from './single-sign-on-store.ts';
import type { ViewerOf } from './viewer.ts';

export interface SingleSignOnRoutesDeps extends SingleSignOnDeps {
  viewerOf: ViewerOf;
  /** The address of a page of this hub as browsers reach it. */
  urlOf(request: object, path: string): string;
}

/** Where providers send browsers back to. */
export const callbackPath = '/api/auth/single-sign-on/callback';

/** The settings of single sign-on. */
export function singleSignOnRoutes(deps: SingleSignOnRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Single sign-on'];
  const callbackUrl = (request: object) => deps.urlOf(request, callbackPath);
  const view = async (request: object) =>
    present(callbackUrl(request), await viewSingleSignOn(deps, deps.viewerOf(request)));
  return async (app) => {
    app.get(
      '/single-sign-on',
      {
        schema: {
          tags,
          summary: 'The settings of single sign-on',
          response: { 200: singleSignOnView },
        },
      },
      view,
    );

    app.put(
      '/single-sign-on',
      {
        schema: {
          tags,
          summary: 'Set up or change single sign-on',
          body: singleSignOnInput,
          response: { 200: singleSignOnView },
        },
      },
      async (request) => {
        await saveSingleSignOn(deps, deps.viewerOf(request), request.body);
        return view(request);
      },
    );

    app.delete(
      '/single-sign-on',
      {
        schema: {
          tags,
          summary: 'Everybody signs in by password again',
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await deleteSingleSignOn(deps, deps.viewerOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/single-sign-on/test',
      {
        schema: {
          tags,
          summary: 'Ask the provider whether it would work',
          response: { 200: singleSignOnTest },
        },
        config: { rateLimit: { max: 20, timeWindow: '1 minute' } },
      },
      (request) => testSingleSignOn(deps, deps.viewerOf(request), callbackUrl(request)),
    );
  };
}

function present(callbackUrl: string, stored: StoredSingleSignOn | null): SingleSignOnView {
  if (stored === null) return { callbackUrl, settings: null };
  const { issuer, clientId, domains, required, workedAt, lastProblem, lastProblemAt } = stored;
  return {
    callbackUrl,
    settings: {
      ...{ issuer, clientId, domains, required, workedAt: workedAt?.toISOString() ?? null },
      lastProblem:
        lastProblem === null || lastProblemAt === null
          ? null
          : { problem: lastProblem, at: lastProblemAt.toISOString() },
    },
  };
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ViewerOf } from '../organization/viewer.ts';
import { placeTestCall, showTestCall } from './place-test-call.ts';
import type { TestCallDeps } from './place-test-call.ts';
import { latestTestCall, testCallInput, testCallStarted } from './test-call-contract.ts';
import { presentTestCall } from './test-call.ts';

export interface TestCallRoutesDeps extends TestCallDeps {
  viewerOf: ViewerOf;
}

const tags = ['Systems Check'];

/** Placing and watching test calls; administrators only. */
export function testCallRoutes(deps: TestCallRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/test-call',
      {
        schema: {
          tags,
          summary: 'Place a test call to the viewer’s own browsers, or join the one under way',
          body: testCallInput,
          response: { 200: testCallStarted },
        },
      },
      async (request) => {
        const { phoneSystemId } = request.body;
        const { test, joined } = await placeTestCall(deps, deps.viewerOf(request), phoneSystemId);
        return { test: presentTestCall(test), joined };
      },
    );

    app.get(
      '/test-call',
      {
        schema: {
          tags,
          summary: 'The viewer’s latest test call',
          response: { 200: latestTestCall },
        },
      },
      async (request) => {
        const test = await showTestCall(deps, deps.viewerOf(request));
        return { test: test === null ? null : presentTestCall(test) };
      },
    );
  };
}

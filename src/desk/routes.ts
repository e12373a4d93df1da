import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RingsideError } from '../platform/errors.ts';
import { openEventStream } from '../platform/event-stream.ts';
import { personById } from '../organization/person-store.ts';
import { includesRole } from '../organization/plan.ts';
import { requireFeature } from '../organization/features.ts';
import type { Viewer, ViewerOf } from '../organization/viewer.ts';
import type { CallRecorder } from '../calls/call-recorder.ts';
import { browserName } from '../platform/browser-name.ts';
import { callNumber } from './call-number.ts';
import { chooseMatch } from './choose-match.ts';
import type { DeskActionDeps } from './choose-match.ts';
import {
  callInput,
  callerMemory,
  deskState as deskStateSchema,
  lookupAnswer,
  lookupQuery,
  matchChoice,
  orderedCall,
  pop,
  shownPops,
} from './contract.ts';
import type { DeskHub } from './desk-hub.ts';
import { deskState } from './desk-state.ts';
import { dismissPop } from './dismiss-pop.ts';
import { setCallerForgotten } from './forget-caller.ts';
import { lookUp } from './lookup.ts';
import { noteTestShown } from './note-test-shown.ts';
import { orderCall } from './order-call.ts';

export interface DeskRoutesDeps extends DeskActionDeps {
  hub: DeskHub;
  recorder: Pick<CallRecorder, 'shown'>;
  /** What is known of the browser that asks. */
  clientOf(request: object): { userAgent: string };
  viewerOf: ViewerOf;
  /** Whether the session of this request, which opened a stream, still holds. */
  stillSignedIn(request: object): Promise<boolean>;
}

const callParams = z.object({ callId: z.uuid() });
const tags = ['Desk'];

export function deskRoutes(deps: DeskRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/desk/stream',
      {
        // A HEAD request would hold a stream open that nobody reads.
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'Live stream of the viewer’s pops (server-sent events)',
          produces: ['text/event-stream'],
          response: { 200: z.string().describe('Events, until somebody hangs up.') },
        },
      },
      async (request, reply) => {
        const { organizationId, personId } = deps.viewerOf(request);
        deps.hub.admit(organizationId, personId);
        reply.hijack();
        const stream = openEventStream(reply.raw);
        deps.hub.attach(organizationId, personId, {
          stream,
          stillSignedIn: () => deps.stillSignedIn(request),
        });
      },
    );

    app.get(
      '/desk/pops',
      { schema: { tags, summary: 'The viewer’s pops now', response: { 200: deskStateSchema } } },
      async (request) => {
        const { organizationId, personId } = deps.viewerOf(request);
        const person = await personById(deps.db, organizationId, personId);
        if (person === null)
          throw new RingsideError('not-found', 'You are no longer part of this organization.');
        return deskState(deps, organizationId, person);
      },
    );

    app.post(
      '/desk/pops/:callId/match',
      {
        schema: {
          tags,
          summary: 'Choose one of several candidates',
          params: callParams,
          body: matchChoice,
          response: { 200: pop },
        },
      },
      (request) =>
        chooseMatch(deps, deps.viewerOf(request), request.params.callId, request.body.key),
    );

    app.put(
      '/desk/pops/:callId/memory',
      {
        schema: {
          tags,
          summary: 'Forget whom the number was said to be, or undo that',
          params: callParams,
          body: callerMemory,
          response: { 200: pop },
        },
      },
      (request) => {
        const { params, body } = request;
        return setCallerForgotten(deps, deps.viewerOf(request), params.callId, body.forgotten);
      },
    );

    app.post(
      '/desk/pops/shown',
      {
        schema: {
          tags,
          summary: 'Say that this browser shows the pops of these calls',
          body: shownPops,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { organizationId, personId } = deps.viewerOf(request);
        const browser = browserName(deps.clientOf(request).userAgent);
        const at = deps.clock.now();
        deps.recorder.shown(
          request.body.callIds.map((callId) => ({ organizationId, personId, callId, at, browser })),
        );
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/desk/test-calls/:id/shown',
      {
        schema: {
          tags,
          summary: 'Say that this browser shows that a test call of the viewer’s has come',
          params: z.object({ id: z.uuid() }),
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const browser = browserName(deps.clientOf(request).userAgent);
        await noteTestShown(deps, deps.viewerOf(request), request.params.id, browser);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/desk/pops/:callId/dismiss',
      {
        schema: {
          tags,
          summary: 'Take an ended pop off the viewer’s Desk',
          params: callParams,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await dismissPop(deps, deps.viewerOf(request), request.params.callId);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/desk/call',
      {
        schema: {
          tags,
          summary: 'Ring the viewer’s phone, then dial',
          body: callInput,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await callNumber(deps, deps.viewerOf(request), request.body.number);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/calls',
      {
        schema: {
          tags,
          summary: 'Ring the phone of an extension, then dial',
          body: orderedCall,
          response: { 204: z.null() },
        },
        config: { keyScope: 'calls:place', keysOnly: true },
      },
      async (request, reply) => {
        await orderCall(deps, deps.viewerOf(request), request.body);
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/lookup',
      {
        schema: {
          tags,
          summary: 'Who would pop for a number, and why',
          querystring: lookupQuery,
          response: { 200: lookupAnswer },
        },
        config: { keyScope: 'directory:read' },
      },
      (request) => {
        const viewer = deps.viewerOf(request);
        requireLookup(viewer);
        return lookUp(deps.db, viewer.organizationId, request.query.number, deps.hub.factsOf);
      },
    );
  };
}

/** Administrators look numbers up to see why a pop came or did not, also without a plan of their own. */
function requireLookup(viewer: Viewer): void {
  if (!includesRole(viewer.role, 'administrator')) requireFeature(viewer, 'screen-pops');
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { LiveDeps } from '../directory/read-live.ts';
import type { ViewerOf } from '../organization/viewer.ts';
import { attachNumber } from './attach-number.ts';
import {
  callerChoice,
  callerRecord,
  contactForm as contactFormSchema,
  newContact,
  numberAttachment,
  recordChanges,
  recordQuery,
  unknownChoice,
} from './caller-contract.ts';
import { readCallerRecord } from './caller-record.ts';
import { changeRecord } from './change-record.ts';
import type { DeskActionDeps } from './choose-match.ts';
import { contactForm } from './contact-form.ts';
import { pop } from './contract.ts';
import { createContact } from './create-contact.ts';
import { leaveUnknown, nameCaller } from './name-caller.ts';

export interface CallerRoutesDeps extends DeskActionDeps, LiveDeps {
  viewerOf: ViewerOf;
}

const base = '/desk/pops/:callId';
const common = { tags: ['Desk'], params: z.object({ callId: z.uuid() }) };

/** Finding out who a caller is, and keeping it; see caller-contract.ts. */
export function callerRoutes(deps: CallerRoutesDeps): FastifyPluginAsyncZod {
  const { viewerOf } = deps;
  return async (app) => {
    app.get(
      `${base}/record`,
      {
        schema: {
          ...common,
          summary: 'A person or company as the CRM has it now, with what may be changed',
          querystring: recordQuery,
          response: { 200: callerRecord },
        },
      },
      (request) =>
        readCallerRecord(deps, viewerOf(request), request.params.callId, request.query.key),
    );

    app.put(
      `${base}/record`,
      {
        schema: {
          ...common,
          summary: 'Change numbers, e-mail or title of a person or company',
          body: recordChanges,
          response: { 200: pop },
        },
      },
      (request) => changeRecord(deps, viewerOf(request), request.params.callId, request.body),
    );

    app.post(
      `${base}/caller`,
      {
        schema: {
          ...common,
          summary: 'Say who the caller is, in this call alone',
          body: callerChoice,
          response: { 200: pop },
        },
      },
      (request) => nameCaller(deps, viewerOf(request), request.params.callId, request.body.key),
    );

    app.put(
      `${base}/unknown`,
      {
        schema: {
          ...common,
          summary: 'Leave the caller unknown, or have the pop ask again',
          body: unknownChoice,
          response: { 200: pop },
        },
      },
      (request) => leaveUnknown(deps, viewerOf(request), request.params.callId, request.body.left),
    );

    app.post(
      `${base}/number`,
      {
        schema: {
          ...common,
          summary: 'Write the number of the call to a person or company',
          body: numberAttachment,
          response: { 200: pop },
        },
      },
      (request) => attachNumber(deps, viewerOf(request), request.params.callId, request.body),
    );

    app.get(
      `${base}/new-contact`,
      {
        schema: {
          ...common,
          summary: 'What the form of a new contact needs to know',
          response: { 200: contactFormSchema },
        },
      },
      (request) => contactForm(deps.db, viewerOf(request), request.params.callId),
    );

    app.post(
      `${base}/contact`,
      {
        schema: {
          ...common,
          summary: 'Make a contact with the number of the call',
          body: newContact,
          response: { 200: pop },
        },
      },
      (request) => createContact(deps, viewerOf(request), request.params.callId, request.body),
    );
  };
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ChoiceListsDeps } from '../directory/choice-lists.ts';
import type { ViewerOf } from '../organization/viewer.ts';
import { caseForm, findAssignees } from './case-form.ts';
import { changeCase } from './change-case.ts';
import type { DeskActionDeps } from './choose-match.ts';
import { commentCase } from './comment-case.ts';
import { pop } from './contract.ts';
import { createCase } from './create-case.ts';
import { earlierCalls, earlierQuery } from './earlier-call-contract.ts';
import { findCase } from './find-case.ts';
import { finishWrapUp, setWrapUp } from './finish-wrap-up.ts';
import { moreEarlierCalls } from './more-earlier-calls.ts';
import { readNotes, saveNote } from './save-note.ts';
import { sendNote } from './send-note.ts';
import { tagCase, untagCase } from './tag-case.ts';
import {
  assigneeQuery,
  assignees,
  callNotes,
  caseChange,
  caseComment,
  caseForm as caseFormSchema,
  caseQuery,
  caseTag,
  foundCases,
  newCase,
  noteAnswer,
  noteSave,
  noteSending,
  wrapUpFinish,
  wrapUpInput,
} from './work-contract.ts';

export type WorkRoutesDeps = DeskActionDeps & ChoiceListsDeps & { viewerOf: ViewerOf };

const params = z.object({ callId: z.uuid() });
const tags = ['Desk'];
const call = '/desk/calls/:callId';
const changed = { 200: pop };

/** What an agent does with a call: note, case, comment, wrap-up. */
export function workRoutes(deps: WorkRoutesDeps): FastifyPluginAsyncZod {
  const { viewerOf } = deps;
  return async (app) => {
    app.get(
      `${call}/note`,
      {
        schema: {
          tags,
          summary: 'Everybody’s notes on a call',
          params,
          response: { 200: callNotes },
        },
      },
      (request) => readNotes(deps.db, viewerOf(request), request.params.callId),
    );
    app.put(
      `${call}/note`,
      {
        schema: {
          tags,
          summary: 'Save the viewer’s note as it stands',
          params,
          body: noteSave,
          response: { 200: noteAnswer },
        },
      },
      async (request) => {
        const { callId } = request.params;
        return { note: await saveNote(deps, viewerOf(request), callId, request.body) };
      },
    );
    app.post(
      `${call}/note/send`,
      {
        schema: {
          tags,
          summary: 'Hand the note to the tagged case as a work note',
          params,
          body: noteSending,
          response: changed,
        },
      },
      (request) => sendNote(deps, viewerOf(request), request.params.callId, request.body),
    );

    app.get(
      `${call}/earlier`,
      {
        schema: {
          tags,
          summary: 'Earlier calls with the same caller, with their notes',
          params,
          querystring: earlierQuery,
          response: { 200: earlierCalls },
        },
      },
      (request) =>
        moreEarlierCalls(deps.db, viewerOf(request), request.params.callId, request.query.after),
    );

    app.get(
      `${call}/cases`,
      {
        schema: {
          tags,
          summary: 'Cases with exactly this number',
          params,
          querystring: caseQuery,
          response: { 200: foundCases },
        },
      },
      (request) => findCase(deps, viewerOf(request), request.params.callId, request.query.number),
    );
    app.post(
      `${call}/cases`,
      {
        schema: {
          tags,
          summary: 'Make a case for the caller and tag it',
          params,
          body: newCase,
          response: changed,
        },
      },
      (request) => createCase(deps, viewerOf(request), request.params.callId, request.body),
    );
    app.get(
      `${call}/case/form`,
      {
        schema: {
          tags,
          summary: 'Templates, choice lists and whom the viewer is mapped to',
          params,
          response: { 200: caseFormSchema },
        },
      },
      (request) => caseForm(deps, viewerOf(request), request.params.callId),
    );
    app.get(
      `${call}/case/assignees`,
      {
        schema: {
          tags,
          summary: 'CRM users by name',
          params,
          querystring: assigneeQuery,
          response: { 200: assignees },
        },
      },
      async (request) => {
        const { callId } = request.params;
        return { users: await findAssignees(deps.db, viewerOf(request), callId, request.query.q) };
      },
    );
    app.put(
      `${call}/case`,
      {
        schema: {
          tags,
          summary: 'Say which case the call is about',
          params,
          body: caseTag,
          response: changed,
        },
      },
      (request) => tagCase(deps, viewerOf(request), request.params.callId, request.body.key),
    );
    app.delete(
      `${call}/case`,
      {
        schema: { tags, summary: 'The call is about no case', params, response: changed },
      },
      (request) => untagCase(deps, viewerOf(request), request.params.callId),
    );
    app.post(
      `${call}/case/changes`,
      {
        schema: {
          tags,
          summary: 'Change state, priority or assignment of the tagged case',
          params,
          body: caseChange,
          response: changed,
        },
      },
      (request) => changeCase(deps, viewerOf(request), request.params.callId, request.body),
    );
    app.post(
      `${call}/comment`,
      {
        schema: {
          tags,
          summary: 'A work note, or a comment that the customer sees',
          params,
          body: caseComment,
          response: changed,
        },
      },
      (request) => commentCase(deps, viewerOf(request), request.params.callId, request.body),
    );

    app.put(
      `${call}/wrap-up`,
      {
        schema: {
          tags,
          summary: 'Wrap-up code and time worked',
          params,
          body: wrapUpInput,
          response: changed,
        },
      },
      (request) => setWrapUp(deps, viewerOf(request), request.params.callId, request.body),
    );
    app.post(
      `${call}/wrap-up/finish`,
      {
        schema: {
          tags,
          summary: 'End the wrap-up: note, code and time go to the tagged case',
          params,
          body: wrapUpFinish,
          response: changed,
        },
      },
      (request) => finishWrapUp(deps, viewerOf(request), request.params.callId, request.body),
    );
  };
}

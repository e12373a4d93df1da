import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { acceptInvitation, openInvitationPage } from './accept-invitation.ts';
import { removeSession, sessionsOf } from './account-store.ts';
import type { Accounts, Client } from './accounts.ts';
import {
  codeNeeded,
  invitationInput,
  invitationView,
  sessions,
  setupInput,
  setupState,
} from './contract.ts';
import { anyOrganization } from './organization-store.ts';
import { RingsideError } from '../platform/errors.ts';
import type { OrderMail } from './order-mail.ts';
import { setUp } from './set-up.ts';
import { anySingleSignOn } from './single-sign-on-store.ts';
import type { ViewerOf } from './viewer.ts';

export interface EntryRoutesDeps {
  db: Database;
  clock: Clock;
  accounts: Accounts;
  viewerOf: ViewerOf;
  sessionIdOf(request: object): string;
  clientOf(request: never): Client;
  /** Null: this hub sends no mail. */
  orderMail: OrderMail | null;
  /** Told after sessions were ended: their live streams are to end at once. */
  sessionsEnded?(of: { organizationId: string; personId: string }): Promise<void>;
}

/** The ways in: first set-up, invitation links, and the sessions of whoever is in. */
export function entryRoutes(deps: EntryRoutesDeps): FastifyPluginAsyncZod {
  const { db, clock, accounts } = deps;
  const tags = ['Signing in'];
  const open = { anonymous: true, rateLimit: { max: 60, timeWindow: '1 minute' } };
  const byToken = z.object({ token: z.string().max(200) });
  const byId = z.object({ id: z.uuid() });
  const done = { 204: z.null().describe('Done; the cookie is in Set-Cookie.') };
  const client = (request: object): Client => deps.clientOf(request as never);
  return async (app) => {
    app.get(
      '/setup',
      {
        schema: {
          tags,
          summary: 'Whether the first administrator is still to be created',
          response: { 200: setupState },
        },
        config: { anonymous: true },
      },
      async () => {
        const [some, singleSignOn] = await Promise.all([anyOrganization(db), anySingleSignOn(db)]);
        return { needed: !some, singleSignOn, mail: deps.orderMail !== null };
      },
    );

    app.post(
      '/setup',
      {
        schema: {
          tags,
          summary: 'Create organization and first administrator',
          body: setupInput,
          response: done,
        },
        config: open,
      },
      async (request, reply) => {
        await setUp(deps, request.body);
        const { cookies } = await accounts.signIn(client(request), request.body);
        return reply.header('set-cookie', cookies).code(204).send(null);
      },
    );

    app.get(
      '/invitations/:token',
      {
        schema: {
          tags,
          summary: 'What an invitation link is for',
          params: byToken,
          response: { 200: invitationView },
        },
        config: open,
      },
      async (request) => {
        const found = await openInvitationPage(deps, request.params.token);
        const { organizationName: organization, name, email, singleSignOn } = found;
        return { organization, name, email, singleSignOn };
      },
    );

    app.post(
      '/invitations/:token',
      {
        schema: {
          tags,
          summary: 'Accept an invitation',
          params: byToken,
          body: invitationInput,
          response: { ...done, 200: codeNeeded },
        },
        config: open,
      },
      async (request, reply) => {
        const { password } = request.body;
        const invitation = await acceptInvitation(deps, request.params.token, password);
        const { email } = invitation;
        if (invitation.userId !== null) await deps.sessionsEnded?.(invitation);
        const { cookies, needsCode } = await accounts.signIn(client(request), { email, password });
        reply.header('set-cookie', cookies);
        return needsCode ? reply.send({ needs: 'code' }) : reply.code(204).send(null);
      },
    );

    app.get(
      '/sessions',
      {
        schema: { tags, summary: 'The own sessions', response: { 200: sessions } },
        config: { withoutSecondFactor: true, aboutViewer: true },
      },
      async (request) => {
        const found = await sessionsOf(db, deps.viewerOf(request).userId, clock.now());
        return found.map(({ id, createdAt, lastUsedAt, address, userAgent }) => ({
          id,
          createdAt: createdAt.toISOString(),
          lastUsedAt: lastUsedAt.toISOString(),
          address,
          browser: userAgent,
          current: id === deps.sessionIdOf(request),
        }));
      },
    );

    app.delete(
      '/sessions/:id',
      {
        schema: {
          tags,
          summary: 'End one of the own sessions',
          params: byId,
          response: { 204: z.null() },
        },
        config: { withoutSecondFactor: true },
      },
      async (request, reply) => {
        const viewer = deps.viewerOf(request);
        const ended = await removeSession(db, viewer.userId, request.params.id);
        if (!ended) throw new RingsideError('not-found', 'You have no such session.');
        await deps.sessionsEnded?.(viewer);
        return reply.code(204).send(null);
      },
    );
  };
}

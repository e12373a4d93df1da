import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import type { HookRequest, PhoneSystemKind } from '../telephony/port.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import type { CallDeps } from './book-events.ts';
import { gatherEvents } from './gather-events.ts';
import { createMissLimit } from './miss-limit.ts';

export interface PhoneHookDeps extends CallDeps {
  phoneSystemByToken(token: string): Promise<HookedSystem | null>;
  touchPhoneSystem(organizationId: string, phoneSystemId: string, at: Date): Promise<void>;
  /** The address of a path of this hub as others reach it. */
  urlOf(request: object, path: string): string;
  /** The kinds of phone systems there are; usually all of the registry. */
  kindOf?(kind: string): PhoneSystemKind | null;
}

export interface HookedSystem {
  organizationId: string;
  id: string;
  kind: string;
  hmacSecret: string | null;
  /** Ringside hears of its calls by a link: what is posted besides would count them twice. */
  linked: boolean;
}

const bodyLimit = 64 * 1024;

/** `POST /hooks/phone/:token`: phone events by webhook, each kind in its own words. Answers once they are committed. */
export function phoneHookRoutes(deps: PhoneHookDeps): FastifyPluginAsyncZod {
  const misses = createMissLimit(deps.clock);
  const receive = gatherEvents(deps);
  const kindOf = deps.kindOf ?? phoneSystemKind;
  return async (app) => {
    // The signature is over the raw bytes, so they are read here and by nobody before.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      ['application/json', 'application/x-www-form-urlencoded'],
      { parseAs: 'buffer', bodyLimit },
      (_request, body, done) => done(null, body),
    );
    app.post(
      '/hooks/phone/:token',
      {
        bodyLimit,
        schema: {
          tags: ['phone events'],
          summary:
            'A phone event: in the generic CTI format, or as the kind of phone system posts it',
          params: z.object({ token: z.string().max(200) }),
          response: { 200: z.string(), 204: z.null() },
        },
      },
      async (request, reply) => {
        const system = await deps.phoneSystemByToken(request.params.token);
        const kind = system && kindOf(system.kind);
        if (!system || !kind?.readHook) throw misses.refuse(request.ip);
        if (!Buffer.isBuffer(request.body)) throw missingBody();
        const receivedAt = deps.clock.now();
        const hook: HookRequest = {
          url: new URL(deps.urlOf(request, '/')).origin + request.url,
          rawBody: request.body,
          headers: request.headers,
          secret: system.hmacSecret,
          receivedAt,
        };
        const posted = kind.readHook(hook);
        const events = system.linked ? [] : posted;
        const source = { organizationId: system.organizationId, phoneSystemId: system.id };
        await receive(source, events);
        await inOrganization(system.organizationId, () =>
          deps.touchPhoneSystem(system.organizationId, system.id, receivedAt),
        );
        const answer = kind.replyHook?.(hook);
        if (!answer) return reply.code(204).send(null);
        return reply.code(200).type(answer.contentType).send(answer.body);
      },
    );
  };
}

function missingBody(): RingsideError {
  return new RingsideError('invalid-input', 'The body is missing.', {
    fix: 'Send one phone event as JSON or as a form.',
    fields: [{ field: 'body', message: 'is missing' }],
  });
}

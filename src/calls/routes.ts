import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RingsideError } from '../platform/errors.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import type { CallDeps } from './book-events.ts';
import { createMissLimit } from './miss-limit.ts';
import { receiveEvents } from './receive-events.ts';

export interface PhoneHookDeps extends CallDeps {
  phoneSystemByToken(token: string): Promise<HookedSystem | null>;
  touchPhoneSystem(organizationId: string, phoneSystemId: string, at: Date): Promise<void>;
}

export interface HookedSystem {
  organizationId: string;
  id: string;
  kind: string;
  hmacSecret: string | null;
}

const bodyLimit = 64 * 1024;

/** `POST /hooks/phone/:token`: phone events by webhook. Answers 204 once they are committed. */
export function phoneHookRoutes(deps: PhoneHookDeps): FastifyPluginAsyncZod {
  const misses = createMissLimit(deps.clock);
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
          summary: 'A phone event in the generic CTI format',
          params: z.object({ token: z.string().max(200) }),
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const system = await deps.phoneSystemByToken(request.params.token);
        const readHook = system && phoneSystemKind(system.kind)?.readHook;
        if (system === null || !readHook) throw misses.refuse(request.ip);
        if (!Buffer.isBuffer(request.body)) throw missingBody();
        const receivedAt = deps.clock.now();
        const events = readHook({
          rawBody: request.body,
          headers: request.headers,
          secret: system.hmacSecret,
          receivedAt,
        });
        const source = { organizationId: system.organizationId, phoneSystemId: system.id };
        await receiveEvents(deps, source, events);
        await deps.touchPhoneSystem(system.organizationId, system.id, receivedAt);
        return reply.code(204).send(null);
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

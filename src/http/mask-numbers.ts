import type { FastifyInstance, FastifyRequest } from 'fastify';
import { maskText } from '../directory/mask-numbers.ts';
import type { NumberMask } from '../directory/number-mask.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { isReference } from '../platform/references.ts';
import { findViewer } from './authentication.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is about the viewer alone and holds no caller's number. */
    aboutViewer?: boolean;
  }
}

/** The fields of requests that may hold a reference in the place of a number. None of them is stored and shown as it was typed. */
const numberFields = new Set(['number', 'q', 'value', 'replaces']);

/**
 * Masks telephone numbers in every answer of this scope for whom the organization hides them, and puts the numbers back where such a
 * person's request names one. After `authenticate`.
 */
export function maskAnswers(app: FastifyInstance, mask: NumberMask): void {
  app.addHook('preValidation', async (request) => {
    const viewer = maskedViewer(request);
    if (viewer === null) return;
    const open = (reference: string): string => {
      const number = mask.open(viewer.organizationId, reference);
      if (number !== null) return number;
      throw new RingsideError('invalid-input', 'This number is not known any more.', {
        fix: 'Reload the page and try again.',
        fields: [{ field: 'number', message: 'is out of date' }],
      });
    };
    request.body = openReferences(request.body, open);
    request.query = openReferences(request.query, open);
  });
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const viewer = maskedViewer(request);
    if (viewer === null || request.routeOptions.config.aboutViewer === true) return payload;
    return mask.mask(viewer.organizationId, payload);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type') ?? '');
    if (maskedViewer(request) === null || !type.startsWith('text/')) return payload;
    return typeof payload === 'string' ? maskText(payload) : payload;
  });
}

function maskedViewer(request: FastifyRequest): Viewer | null {
  const viewer = findViewer(request);
  return viewer?.numbersMasked === true ? viewer : null;
}

function openReferences(value: unknown, open: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => openReferences(one, open));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]: [string, unknown]) => [
      name,
      typeof one === 'string' && numberFields.has(name) && isReference(one)
        ? open(one)
        : openReferences(one, open),
    ]),
  );
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { RingsideError } from '../platform/errors.ts';

/** Who may read /metrics: everybody who reaches the port, whoever has the token, or nobody. */
export type MetricsAccess = 'open' | 'closed' | { token: string };

/** Throws `not-found` where figures are not given, `unauthenticated` without the right token. */
export function admitToMetrics(access: MetricsAccess, request: FastifyRequest): void {
  if (access === 'open') return;
  if (access === 'closed') {
    throw new RingsideError('not-found', 'Figures are not given here.', {
      fix: 'Set RINGSIDE_METRICS_LISTEN (an address of its own) or RINGSIDE_METRICS_TOKEN, see docs/operations.md.',
    });
  }
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(access.token))) return;
  throw new RingsideError('unauthenticated', 'This needs the token of RINGSIDE_METRICS_TOKEN.', {
    fix: 'Send it as Authorization: Bearer ….',
  });
}

const digest = (text: string) => createHash('sha256').update(text).digest();

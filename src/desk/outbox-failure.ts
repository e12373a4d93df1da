import { CrmError } from '../crm/crm-error.ts';
import type { CrmCode } from '../crm/crm-error.ts';
import { RingsideError } from '../platform/errors.ts';
import { HttpFailure } from '../platform/http-failure.ts';
import type { Trouble } from './outbox-queue-store.ts';

/** What a failure means for the write, and for the others of its connection. */
export interface Verdict {
  next:
    /** The connection does not work: nothing is sent to it for a while. */
    | 'hold'
    /** Only this write waits. */
    | 'wait'
    /** It can never succeed as it is: somebody has to decide. */
    | 'attention';
  trouble: Trouble;
  /** What the CRM asked for; null: as we see fit. */
  retryAfter: number | null;
  doubtSince: Date | null;
  signIn: boolean;
}

/** Says nothing about the write itself. */
const ofConnection = new Set<CrmCode>([
  'bad-url',
  'dns',
  'refused',
  'tls',
  'timeout',
  'not-servicenow',
  'hibernating',
  'maintenance',
  'unauthorized',
  'mfa-required',
  'rate-limited',
  'dropped',
  'transaction-cancelled',
  'malformed',
]);

/** `sentAt` is when this try began: of an answer that nobody saw it is not known what it did. */
export function judge(error: unknown, sentAt: Date): Verdict {
  if (error instanceof CrmError) return ofCrm(error);
  if (error instanceof WriteRefused) {
    const trouble = { code: error.code, reason: error.message, fix: error.fix };
    return { next: 'attention', trouble, retryAfter: null, doubtSince: null, signIn: false };
  }
  if (error instanceof RingsideError) {
    const trouble = { code: error.code, reason: error.message, fix: error.fix ?? '' };
    return { next: 'hold', trouble, retryAfter: null, doubtSince: null, signIn: false };
  }
  if (error instanceof HttpFailure) {
    const trouble = {
      code: 'interrupted',
      reason: 'Ringside stopped before ServiceNow had answered.',
      fix: 'Nothing is to be done: it is sent again.',
    };
    return { next: 'wait', trouble, retryAfter: 1, doubtSince: sentAt, signIn: false };
  }
  const trouble = {
    code: 'internal',
    reason: 'Something went wrong in Ringside itself.',
    fix: 'Try it again; the log of the hub says more.',
  };
  return { next: 'wait', trouble, retryAfter: null, doubtSince: sentAt, signIn: false };
}

function ofCrm(error: CrmError): Verdict {
  const { code, retryAfter, doubtSince } = error;
  const signIn = code === 'unauthorized' || code === 'mfa-required';
  const trouble = { code, reason: sentence(error), fix: error.fix };
  const facts = { trouble, retryAfter, doubtSince, signIn };
  if (code === 'unsettled') return { next: 'wait', ...facts };
  // An answer that says no to this very request would say so again.
  const refused = code === 'malformed' && !error.retryable;
  return { next: ofConnection.has(code) && !refused ? 'hold' : 'attention', ...facts };
}

/** The CRM's own words first: an agent can do something with those. */
function sentence({ message, refusal }: CrmError): string {
  return refusal === null || message.includes(refusal) ? message : `${message} ‘${refusal}’`;
}

/** What cannot be sent, for reasons that lie here. */
export class WriteRefused extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string) {
    super(message);
    this.name = 'WriteRefused';
    this.code = code;
    this.fix = fix;
  }
}

/** Failures of one write, while others go through, until somebody has to look at it. */
export const ownFailuresAtMost = 8;

/** Seconds until a connection that failed so often in a row is tried again: some seconds after it comes back all goes on. */
export function holdSeconds(failures: number, random: number): number {
  return Math.min(10, 2 ** Math.min(failures, 6)) * (0.75 + random / 4);
}

/** Seconds until a write that failed so often by itself is tried again. */
export function waitSeconds(ownFailures: number, random: number): number {
  return Math.min(300, 2 ** Math.min(ownFailures, 9)) * (0.75 + random / 4);
}

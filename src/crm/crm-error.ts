import { checkCodes } from './check-step.ts';
import type { CheckCode } from './check-step.ts';

/** Why a write failed, beyond what a check can find. */
export const writeCodes = ['rejected', 'not-found', 'uncertain', 'unsettled'] as const;

export type WriteCode = (typeof writeCodes)[number];

/** Every code of a CrmError. */
export type CrmCode = CheckCode | WriteCode;

export interface CrmErrorOptions {
  fix: string;
  retryable?: boolean;
  retryAfter?: number | null;
  refusal?: string | null;
  stopped?: boolean;
  unanswered?: boolean;
  doubtSince?: Date | null;
  cause?: unknown;
}

/** A failure of a CRM call, already translated: `code` is one of ours, `message` and `fix` are for an administrator. */
export class CrmError extends Error {
  readonly code: CrmCode;
  readonly fix: string;
  readonly retryable: boolean;
  /** Seconds the CRM asked us to wait, or null. */
  readonly retryAfter: number | null;
  /** Why the CRM refused a write, in its own words, for an agent; null when it said nothing. */
  readonly refusal: string | null;
  /** The connection stopped by itself after refused sign-ins; see CrmConnection.stopped. */
  readonly stopped: boolean;
  /** The request went out and no answer was seen: the CRM may be at work on it. */
  readonly unanswered: boolean;
  /** Of a write: it may have been done, or be under way, since then; null when it surely was not done. */
  readonly doubtSince: Date | null;

  constructor(code: CrmCode, message: string, options: CrmErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CrmError';
    this.code = code;
    this.fix = options.fix;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
    this.refusal = options.refusal ?? null;
    this.stopped = options.stopped ?? false;
    this.unanswered = options.unanswered ?? false;
    this.doubtSince = options.doubtSince ?? null;
  }

  /** The same failure of a write that may have been done. */
  inDoubtSince(doubtSince: Date): CrmError {
    const { code, message, fix, retryable, retryAfter, refusal, stopped, unanswered } = this;
    const facts = { fix, retryable, retryAfter, refusal, stopped, unanswered };
    return new CrmError(code, message, { ...facts, doubtSince, cause: this });
  }

  /** The code for a step of the Systems Check, which writes nothing. */
  get checkCode(): CheckCode {
    return isCheckCode(this.code) ? this.code : 'malformed';
  }
}

function isCheckCode(code: CrmCode): code is CheckCode {
  return (checkCodes as readonly string[]).includes(code);
}

import type { RecordKind } from './record.ts';

/** The Systems Check: its steps, what they find out and why one did not pass. */

/** The steps of the Systems Check, in the order in which they run. */
export const checkStepIds = [
  'url',
  'reachable',
  'signed-in',
  'csm-active',
  'users',
  'customers',
  'contacts',
  'cases',
  'query-safety',
  'details-link',
] as const;

export type CheckStepId = (typeof checkStepIds)[number];

/** What each step finds out, as the claim that it tests. */
export const checkStepTitles: Record<CheckStepId, string> = {
  url: 'The Endpoint is a usable address',
  reachable: 'The instance answers at the Endpoint',
  'signed-in': 'User name and password are accepted',
  'csm-active': 'Customer Service Management is active',
  users: 'Users can be read',
  customers: 'Customers can be read',
  contacts: 'Contacts can be read',
  cases: 'Cases can be read',
  'query-safety': 'Searches are obeyed',
  'details-link': 'The CRM Details Link is a usable address',
};

/** Why a step did not pass. Closed set, public (DESIGN.md §5). */
export const checkCodes = [
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
  'csm-inactive',
  'no-access',
  'rows-hidden',
  'field-hidden',
  'dropped',
  'transaction-cancelled',
  'malformed',
  'unsafe-query',
] as const;

export type CheckCode = (typeof checkCodes)[number];

export interface CheckStep {
  id: CheckStepId;
  title: string;
  status: 'pass' | 'warn' | 'fail' | 'skip';
  code: CheckCode | null;
  /** What was found, for an administrator. */
  detail: string;
  /** What to do about it; null when nothing is to be done. */
  fix: string | null;
  /** Milliseconds the step took. */
  ms: number;
}

export type CheckProgress =
  | { type: 'started'; id: CheckStepId; title: string }
  | { type: 'finished'; step: CheckStep; count: { kind: RecordKind; total: number | null } | null };

/** Whether the user of a connection may make cases, as far as that can be known without making one. */
export interface CaseRight {
  /** `likely`: nothing speaks against it, and rules of the CRM that cannot be asked may still. */
  answer: 'yes' | 'likely' | 'no' | 'unknown';
  code: CaseRightCode;
  /** What was found, for an administrator. */
  detail: string;
  /** What to do about it; null when nothing is to be done. */
  fix: string | null;
}

/** What the answer rests on. Closed set: a report for support holds these instead of texts. */
export const caseRightCodes = [
  'made-before',
  'refused-before',
  'role',
  'csm-inactive',
  'no-access',
  'roles-hidden',
  'roles-lack',
  'no-answer',
] as const;
export type CaseRightCode = (typeof caseRightCodes)[number];

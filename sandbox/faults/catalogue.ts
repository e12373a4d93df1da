/** Every fault that can be switched on: `--fault NAME[:ARG]` at the start, `/__sandbox/faults` while it runs. */
export interface FaultDescription {
  name: string;
  /** What ARG is; null when there is none. */
  argument: string | null;
  summary: string;
}

export const faultCatalogue: readonly FaultDescription[] = [
  {
    name: 'csm-off',
    argument: null,
    summary: 'Customer Service Management is not installed: 400 Invalid table, 400 no resource.',
  },
  { name: 'no-access', argument: 'TABLE', summary: 'The user may not read the table: 403.' },
  {
    name: 'hidden-rows',
    argument: 'TABLE[/N]',
    summary:
      'Rows are taken out after the limit was applied: all of them, or every N-th. X-Total-Count still counts them.',
  },
  {
    name: 'hidden-field',
    argument: 'TABLE.FIELD',
    summary: 'The field is left out of answers, and a query on it is refused with 403.',
  },
  {
    name: 'unknown-field',
    argument: 'ignore|no-rows|refuse',
    summary:
      'What a query on a field that does not exist does; ignore is how instances are delivered.',
  },
  {
    name: 'hibernating',
    argument: null,
    summary: 'A developer instance asleep: 200 with an HTML page.',
  },
  { name: 'maintenance', argument: null, summary: '503 with an HTML page.' },
  {
    name: 'login-page',
    argument: null,
    summary: 'Single sign-on in front: 200 with an HTML login page.',
  },
  {
    name: 'login-redirect',
    argument: null,
    summary: 'Single sign-on in front: 302 to a login page.',
  },
  {
    name: 'not-servicenow',
    argument: null,
    summary: 'Some other web server answers: 404 with an HTML page.',
  },
  {
    name: 'half-json',
    argument: null,
    summary:
      'The answer breaks off in the middle and the connection is closed as if it were complete.',
  },
  { name: 'silence', argument: null, summary: 'The request is taken and never answered.' },
  { name: 'refuse-sign-in', argument: null, summary: 'Every user and password gets 401.' },
  {
    name: 'mfa',
    argument: null,
    summary: 'The password is right but a one-time code is missing: 401 with X-MFA_TOKEN.',
  },
];

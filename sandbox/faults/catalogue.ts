/** Every fault that can be switched on: `--fault NAME[:ARG]` at the start, `/__sandbox/faults` while it runs. */
export interface FaultDescription {
  name: string;
  /** What ARG is, in brackets when it may be left out; null when there is none. */
  argument: string | null;
  summary: string;
}

function fault(name: string, argument: string | null, summary: string): FaultDescription {
  return { name, argument, summary };
}

/** In groups, as the files beside this one. The sections are those of what is known about real instances. */
export const faultGroups: readonly { title: string; faults: readonly FaultDescription[] }[] = [
  {
    title: 'What is installed, and who may see what',
    faults: [
      fault(
        'csm-off',
        null,
        'Customer Service Management is not installed: 400 Invalid table, 400 for its own APIs.',
      ),
      fault(
        'openframe-off',
        null,
        'OpenFrame is not installed: no phone log, no voice-interaction API.',
      ),
      fault('interaction-off', null, 'Interaction Management is not installed.'),
      fault('no-access', 'TABLE', 'The user may not read the table: 403.'),
      fault('no-write', 'TABLE', 'The user may read but not write: 403 ACL Exception.'),
      fault(
        'hidden-rows',
        'TABLE[/N]',
        'Rows are taken out after the limit was applied: all of them, or every N-th. X-Total-Count still counts them.',
      ),
      fault(
        'hidden-field',
        'TABLE.FIELD[/ignore]',
        'The field is left out of answers; a query on it gets 403, or the condition is dropped.',
      ),
      fault('audit-delete-off', null, 'Deleting leaves no note in sys_audit_delete.'),
    ],
  },
  {
    title: 'Queries',
    faults: [
      fault(
        'unknown-field',
        'ignore|no-rows|refuse',
        'What a condition on a field that does not exist does; ignore is how instances are delivered.',
      ),
      fault(
        'query-range',
        'TABLE[.FIELD][/ignore]',
        'LIKE, STARTSWITH, >= … and sorting on the field (or on any) get 403, or are dropped; = and IN still work.',
      ),
    ],
  },
  {
    title: 'Signing in',
    faults: [
      fault('refuse-sign-in', null, 'Every user and password gets 401.'),
      fault(
        'basic-auth-restriction',
        null,
        'Basic auth only for web-service-only users; everybody else gets the 401 of a wrong password.',
      ),
      fault('lockout', 'N', 'A user is locked after N wrong passwords in a row.'),
      fault(
        'mfa',
        null,
        'The password is right but a one-time code is missing: 401 with X-MFA_TOKEN.',
      ),
      fault('oauth-lifetime', 'SECONDS', 'Access tokens live so long instead of 1799 seconds.'),
      fault('oauth-off', null, 'The token endpoint knows no client: 401 access_denied.'),
      fault('api-key-off', null, 'API keys are not accepted: 401.'),
    ],
  },
  {
    title: 'Limits',
    faults: [
      fault(
        'rate-limit',
        'N[/SECONDS]',
        'A rate rule: N requests per user in SECONDS (3600), then 429 with Retry-After; X-RateLimit headers on every answer.',
      ),
      fault(
        'semaphore',
        'N',
        'More than N requests under way get a bare 429 without rate headers.',
      ),
      fault('busy', null, 'A bare 429.'),
      fault(
        'transaction-timeout',
        '500|partial|malformed[/ROWS]',
        'Lists of more than ROWS (0) rows are cancelled: 500, or 200 with rows and an error, or 200 that is no JSON.',
      ),
    ],
  },
  {
    title: 'Pages instead of JSON',
    faults: [
      fault('hibernating', null, 'A developer instance asleep: 200 with an HTML page.'),
      fault('maintenance', null, '503 with an HTML page.'),
      fault('login-page', null, 'Single sign-on in front: 200 with an HTML login page.'),
      fault('login-redirect', null, 'Single sign-on in front: 302 to a login page.'),
      fault('not-servicenow', null, 'Some other web server answers: 404 with an HTML page.'),
      fault('bad-gateway', null, '502 with an HTML page.'),
    ],
  },
  {
    title: 'The line',
    faults: [
      fault('latency', 'MS', 'Every answer takes so long.'),
      fault('silence', null, 'The request is taken and never answered.'),
      fault('drop', null, 'The connection is closed without an answer.'),
      fault('drop-midway', null, 'The connection is closed in the middle of the body.'),
      fault('half-json', null, 'The body breaks off in the middle, as if it were complete.'),
      fault('slow-loris', '[MS]', 'The body comes one byte at a time, MS (100) apart.'),
      fault('gzip', null, 'Bodies are compressed for clients that accept it.'),
      fault(
        'crowded',
        null,
        '202 without doing anything, as for a cookie with too many requests under way.',
      ),
    ],
  },
  {
    title: 'Writes',
    faults: [
      fault(
        'commit-then-500',
        '[TABLE]',
        'The record is written, and the answer is 500 Transaction cancelled.',
      ),
      fault('commit-then-silence', '[TABLE]', 'The record is written, and no answer comes.'),
      fault('commit-then-drop', '[TABLE]', 'The record is written, and the connection is closed.'),
      fault('business-rule', 'TABLE', 'A business rule aborts every write: 403.'),
      fault(
        'data-policy',
        'TABLE.FIELD',
        'The field is mandatory: 403 when a write leaves it empty.',
      ),
      fault(
        'closed-cases-open',
        null,
        'Closed cases may be changed, unlike in a delivered instance.',
      ),
    ],
  },
];

export const faultCatalogue: readonly FaultDescription[] = faultGroups.flatMap(
  ({ faults }) => faults,
);

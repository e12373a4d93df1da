import type { HttpFailure } from '../../platform/http-failure.ts';
import type { SignInMethod } from './credential.ts';
import { CrmError } from '../crm-error.ts';
import type { CrmCode, CrmErrorOptions } from '../crm-error.ts';

/** What to do about each failure, in words that say where to click. `failure()` uses it unless told something better. */
const fixes: Record<CrmCode, string> = {
  'bad-url': "Correct the address under 'Connected Account and CRM Settings'.",
  dns: "Check the Endpoint for typing errors, and that the machine Ringside runs on can look up the instance's name (DNS).",
  refused:
    'Check host and port of the Endpoint, and that no firewall between Ringside and the instance refuses the connection.',
  tls: "The instance's certificate must be valid, belong to this host name and come from an authority that the machine Ringside runs on trusts. For a private authority start Ringside with NODE_EXTRA_CA_CERTS=/path/to/authority.pem.",
  timeout:
    "Open the Endpoint in a browser. If it answers there, look for a firewall or proxy that swallows Ringside's requests; if it does not, the instance is down or overloaded.",
  'not-servicenow':
    "Enter the instance's own base URL as Endpoint, like https://acme.service-now.com/. It must be the one that answers below /api/now/, not a portal, a single sign-on page or a proxy's login.",
  hibernating:
    'Sign in to https://developer.servicenow.com/, choose Manage instance > Wake instance, wait a few minutes and check again.',
  maintenance:
    'Wait until the maintenance or upgrade is over (Now Support > your instance shows it) and check again.',
  unauthorized: '',
  'mfa-required':
    "Sign-in needs a one-time code, which a program cannot give. Tick 'Web service access only' on the ServiceNow user, or exempt it under Multi-factor Authentication > MFA Context.",
  'rate-limited':
    "Wait and check again. If it stays so, raise or remove the rule for Ringside's user under System Web Services > REST > Rate Limit Rules.",
  'csm-inactive':
    'Activate Customer Service Management: System Definition > Plugins (or Application Manager), search for com.sn_customerservice, Install. It needs the admin role and a CSM subscription.',
  'no-access': '',
  'rows-hidden': '',
  'field-hidden': '',
  dropped:
    'Check again. If it stays so, the instance is overloaded: look at System Diagnostics > Stats > semaphores, or ask ServiceNow support.',
  'transaction-cancelled':
    'The instance took too long for this table. Check again at a quieter time; if it stays so, ask your ServiceNow administrator about the quota rule under System Policy > Transaction Quotas (REST Table API request timeout).',
  malformed:
    'Check again. If it stays so, something between Ringside and ServiceNow (a proxy, a filter) changes or cuts the answers, or the instance has an internal fault: see System Logs > REST in ServiceNow.',
  'unsafe-query': '',
  rejected:
    'ServiceNow decides this by its own rules. Change what they ask for, or ask your ServiceNow administrator about the rule that is named.',
  'not-found':
    'The record was deleted in ServiceNow, or access rules hide it from the user that Ringside signs in as.',
  unsettled: 'Nothing is to be done: Ringside looks again by itself.',
  uncertain: 'Look in ServiceNow whether the record is there before it is made again.',
};

/** Worth another try without anybody changing anything. */
const retryable = new Set<CrmCode>([
  'timeout',
  'maintenance',
  'rate-limited',
  'dropped',
  'transaction-cancelled',
  'unsettled',
]);

/** A CrmError of this code with the house's own advice. */
export function failure(
  code: CrmCode,
  message: string,
  options: Partial<CrmErrorOptions> = {},
): CrmError {
  return new CrmError(code, message, {
    ...options,
    fix: options.fix ?? fixes[code],
    retryable: options.retryable ?? retryable.has(code),
  });
}

/**
 * A refused sign-in. ServiceNow gives the same 401 for a wrong password, a locked or inactive user and, since 2026, for
 * a right password of a user who may also sign in interactively ('Basic Auth Restriction').
 */
export function unauthorized(
  username: string,
  method: SignInMethod = 'basic',
  said = '',
): CrmError {
  if (method === 'oauth') return oauthRefused(username, said);
  if (method === 'api-key') return keyRefused();
  const name = username === '' ? 'this user' : `'${username}'`;
  return failure(
    'unauthorized',
    `ServiceNow refused the sign-in of ${name} (HTTP 401). It gives this answer for a wrong user name or password, for a locked or inactive user, and on newer instances also for the right password of a user who may sign in to the screen (Basic Auth Restriction).`,
    {
      fix: `In ServiceNow open User Administration > Users and the user ${name}: compare the 'User ID', see that 'Active' is ticked and 'Locked out' is not, give it a new password with 'Set Password', and tick 'Web service access only' (or add the role snc_basic_auth_api_access under Roles > Edit). A record under Connections & Credentials > Credentials does not create a login. Then enter the password here again. Ringside stops after two refused sign-ins so that the account is not locked.`,
    },
  );
}

const stops = 'Ringside stops after two refused sign-ins so that no account is locked.';

function oauthRefused(client: string, said: string): CrmError {
  return failure(
    'unauthorized',
    `ServiceNow refused the OAuth sign-in of '${client}' (HTTP 401).${said} The client id or its secret may be wrong, the client inactive, or its user locked, inactive or without the right to call the API.`,
    {
      fix: `In ServiceNow open System OAuth > Application Registry and the record with this client id: compare the Client Secret, see that 'Active' is ticked and the grant type allowed. For 'client credentials' set 'OAuth Application User' there; for 'password' the user must be allowed to sign in to the screen. Then enter the secrets here again. ${stops}`,
    },
  );
}

function keyRefused(): CrmError {
  return failure(
    'unauthorized',
    'ServiceNow refused the API key (HTTP 401): it is wrong, inactive or run out, or no REST API access policy admits it.',
    {
      fix: `In ServiceNow open System Web Services > API Access Policies > REST API Key and compare the key; then look under REST API Access Policies for policies with an 'API Key' authentication profile on the Table API, the Aggregate API and the Case API: the global policy does not admit keys. ${stops}`,
    },
  );
}

/** What went wrong below HTTP, as one of our codes. `host` is shown to the administrator. */
export function fromNetwork(error: HttpFailure, host: string): CrmError {
  const cause = error;
  switch (error.kind) {
    case 'dns':
      return failure('dns', `The name ${host} cannot be found. ${error.message}`, { cause });
    case 'refused':
      return failure('refused', `${host} does not accept connections. ${error.message}`, {
        cause,
        retryable: true,
      });
    case 'address-refused':
      return failure('refused', `${host} is not called. ${error.message}`, {
        fix: "Enter the public address of the instance. For one inside your own network, whoever runs Ringside starts it with RINGSIDE_ALLOW_PRIVATE set to the instance's host name or network.",
        cause,
      });
    case 'tls':
      return failure('tls', `No trusted connection to ${host}: ${tlsReason(error.message)}`, {
        cause,
      });
    case 'timeout':
      return failure('timeout', `${host} did not answer in time. ${error.message}`, {
        cause,
        unanswered: !error.answered,
      });
    case 'too-large':
      return failure('malformed', `${host} sent far more than was asked for. ${error.message}`, {
        cause,
      });
    case 'protocol':
      return error.answered
        ? failure('malformed', `${host} sent an answer that cannot be unpacked. ${error.message}`, {
            cause,
          })
        : failure(
            'not-servicenow',
            `${host} does not speak HTTP at this address. ${error.message}`,
            { cause },
          );
    default:
      return error.answered
        ? failure('malformed', `${host} broke off in the middle of its answer. ${error.message}`, {
            cause,
            retryable: true,
          })
        : failure('dropped', `${host} closed the connection without an answer. ${error.message}`, {
            cause,
            unanswered: true,
          });
  }
}

function tlsReason(message: string): string {
  if (/EXPIRED/.test(message)) return `the certificate has run out. ${message}`;
  if (/ALTNAME|HOSTNAME/.test(message))
    return `the certificate belongs to another host name. ${message}`;
  if (/SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/.test(message)) {
    return `the certificate does not come from an authority known to this machine. ${message}`;
  }
  if (/WRONG_VERSION|PACKET_LENGTH|EPROTO/.test(message)) {
    return `nobody speaks TLS there; perhaps the port is wrong. ${message}`;
  }
  return message;
}

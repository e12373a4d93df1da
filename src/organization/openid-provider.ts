import * as openid from 'openid-client';
import type { HttpClient, HttpRequest } from '../platform/http-client.ts';
import { HttpFailure } from '../platform/http-failure.ts';
import { isThisMachine, verifiedEmail } from './single-sign-on.ts';
import type { SingleSignOnProblem } from './single-sign-on.ts';

/** A sign-in service that speaks OpenID Connect, and us as its client. */
export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** What is sent with somebody to the provider and checked when they come back. */
export interface ProviderChecks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** Nobody was let in. `cause` is for the log: what openid-client found, never a token. */
export class SingleSignOnFailure extends Error {
  readonly problem: SingleSignOnProblem;

  constructor(problem: SingleSignOnProblem, options: { cause?: unknown } = {}) {
    super(`single sign-on: ${problem}`, options);
    this.name = 'SingleSignOnFailure';
    this.problem = problem;
  }
}

const patience = { timeoutMs: 10_000, maxBytes: 1_048_576 };

/**
 * Reads the provider's own description (OpenID Connect Discovery 1.0); its issuer must be the one that was typed, to the letter. All
 * requests go through our own client: no private addresses, no redirects, a limit on time and size.
 */
export async function discoverProvider(
  http: HttpClient,
  { issuer, clientId, clientSecret }: ProviderSettings,
): Promise<openid.Configuration> {
  const server = new URL(issuer);
  const timeout = patience.timeoutMs / 1000;
  const found = await openid.discovery(server, clientId, undefined, undefined, {
    timeout,
    [openid.customFetch]: fetchBy(http),
    execute: isThisMachine(server) ? [openid.allowInsecureRequests] : [],
  });
  const told = found.serverMetadata();
  // openid-client lets Microsoft's issuers for many tenants through, where anybody's tenant could vouch for anybody.
  if (new URL(told.issuer).href !== server.href) throw new Error('it has another issuer');
  const ways = told.token_endpoint_auth_methods_supported;
  // A provider that says nothing takes client_secret_basic (OpenID Connect Discovery 1.0, 3).
  const basic = ways === undefined || ways.includes('client_secret_basic');
  const auth = basic ? openid.ClientSecretBasic : openid.ClientSecretPost;
  const config = new openid.Configuration(told, clientId, undefined, auth(clientSecret));
  config[openid.customFetch] = fetchBy(http);
  config.timeout = timeout;
  if (isThisMachine(server)) openid.allowInsecureRequests(config);
  // In the code flow TLS vouches for the ID token (OpenID Connect Core, 3.1.3.7); its signature is checked all the same.
  openid.enableNonRepudiationChecks(config);
  return config;
}

/** Where a browser is sent to sign in, and what to keep until it comes back. Throws SingleSignOnFailure. */
export async function sendToProvider(
  http: HttpClient,
  settings: ProviderSettings,
  { email, callbackUrl }: { email: string; callbackUrl: string },
): Promise<{ url: string; checks: ProviderChecks }> {
  try {
    const config = await discoverProvider(http, settings);
    const checks = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
    };
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callbackUrl,
      scope: 'openid email profile',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      login_hint: email,
    });
    return { url: url.href, checks };
  } catch (error) {
    throw new SingleSignOnFailure(problemOf(error), { cause: error });
  }
}

/**
 * The verified e-mail address of whoever came back: state, code, PKCE, and of the ID token issuer, audience, nonce, times and signature
 * are checked; an address that it does not hold is asked for at the userinfo endpoint. Throws SingleSignOnFailure.
 */
export async function emailFromProvider(
  http: HttpClient,
  settings: ProviderSettings,
  cameBack: URL,
  checks: ProviderChecks,
): Promise<string> {
  try {
    const config = await discoverProvider(http, settings);
    const tokens = await openid.authorizationCodeGrant(config, cameBack, {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    const told =
      claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
        ? await openid.fetchUserInfo(config, tokens.access_token, claims.sub)
        : claims;
    const found = verifiedEmail(told);
    if ('problem' in found) throw new SingleSignOnFailure(found.problem);
    return found.email;
  } catch (error) {
    if (error instanceof SingleSignOnFailure) throw error;
    throw new SingleSignOnFailure(problemOf(error), { cause: error });
  }
}

/** What of our closed set a failure of openid-client is. */
export function problemOf(error: unknown): SingleSignOnProblem {
  if (networkFailureIn(error) !== null) return 'provider-down';
  if (error instanceof openid.AuthorizationResponseError) return 'cancelled';
  if (error instanceof openid.ResponseBodyError) {
    if (error.status >= 500) return 'provider-down';
    // The code was used, is too old, or is not for this PKCE verifier.
    return error.error === 'invalid_grant' ? 'token' : 'provider-refused';
  }
  if (error instanceof openid.WWWAuthenticateChallengeError) return 'provider-refused';
  const status = error instanceof Error ? answerStatus(error.cause) : null;
  return status !== null && status >= 500 ? 'provider-down' : 'token';
}

/** The failure of the exchange behind an error; null when there was an answer. */
export function networkFailureIn(error: unknown): HttpFailure | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if (at instanceof HttpFailure) return at;
    at = at.cause;
  }
  return null;
}

/** The status of the answer that openid-client refused to read; null when it was not about one. */
export function answerStatus(cause: unknown): number | null {
  return cause instanceof Response ? cause.status : null;
}

function fetchBy(http: HttpClient): openid.CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await http.request({
      ...patience,
      url,
      method: method as NonNullable<HttpRequest['method']>,
      headers: { ...headers },
      ...(body === undefined || body === null
        ? {}
        : { body: (body as URLSearchParams | string).toString() }),
    });
    const { 'content-encoding': _, 'content-length': __, ...kept } = answer.headers;
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : answer.text, { status: answer.status, headers: kept });
  };
}

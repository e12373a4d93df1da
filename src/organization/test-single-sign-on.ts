import * as openid from 'openid-client';
import type { HttpClient } from '../platform/http-client.ts';
import { answerStatus, discoverProvider, networkFailureIn } from './openid-provider.ts';
import type { ProviderSettings } from './openid-provider.ts';
import type { SingleSignOnStep, SingleSignOnTest } from './single-sign-on-contract.ts';

type Outcome = Omit<SingleSignOnStep, 'id' | 'title' | 'ms'>;

const titles: Record<SingleSignOnStep['id'], string> = {
  discovery: 'The provider answers and is the one you named',
  flow: 'It offers the way of signing in that Ringside uses',
  keys: 'Its keys can be read',
  client: 'It knows this client and its secret',
};

/**
 * Asks a provider everything that can be known without a person: its description, its keys, and with a code that was made up whether
 * it knows us. A code that is refused as such (`invalid_grant`) comes after the client was recognised (RFC 6749, 5.2).
 */
export async function testProvider(
  http: HttpClient,
  settings: ProviderSettings,
  callbackUrl: string,
): Promise<SingleSignOnTest> {
  const steps: SingleSignOnStep[] = [];
  const walk = async (id: SingleSignOnStep['id'], look: () => Promise<Outcome>): Promise<void> => {
    const failed = steps.some(({ status }) => status === 'fail');
    const begun = performance.now();
    const outcome = failed ? skipped : await look();
    steps.push({ id, title: titles[id], ...outcome, ms: Math.round(performance.now() - begun) });
  };
  let config: openid.Configuration | null = null;
  await walk('discovery', async () => {
    try {
      config = await discoverProvider(http, settings);
      return passed(`${new URL(settings.issuer).host} says that it is ${settings.issuer}.`);
    } catch (error) {
      return discoveryFault(error, settings.issuer);
    }
  });
  await walk('flow', async () => offers(config!.serverMetadata()));
  await walk('keys', async () => readKeys(http, config!.serverMetadata().jwks_uri!));
  await walk('client', async () => tryClient(config!, callbackUrl));
  return { ok: steps.every(({ status }) => status === 'pass' || status === 'warn'), steps };
}

const skipped: Outcome = { status: 'skip', detail: 'Not tried.', fix: null };
const passed = (detail: string): Outcome => ({ status: 'pass', detail, fix: null });
const fault = (detail: string, fix: string): Outcome => ({ status: 'fail', detail, fix });

function discoveryFault(error: unknown, issuer: string): Outcome {
  const down = networkFailureIn(error);
  if (down?.kind === 'address-refused') {
    return fault(
      `${new URL(issuer).host}: ${down.message}`,
      'Ask the operator of this hub to allow the address (RINGSIDE_ALLOW_PRIVATE).',
    );
  }
  if (down !== null)
    return fault(
      down.message,
      'Check the issuer for typing errors, and whether this hub may reach it.',
    );
  const status = error instanceof Error ? answerStatus(error.cause) : null;
  if (status !== null) {
    return fault(
      `It answered ${status} to ${issuer.replace(/\/$/, '')}/.well-known/openid-configuration, and not with its description.`,
      'Copy the issuer from your provider once more; often a path such as /v2.0 or /realms/name belongs to it.',
    );
  }
  return fault(
    `What it answered is not its description, or it calls itself something else than ${issuer}.`,
    'The issuer must be the same to the letter, with or without / at the end as the provider has it.',
  );
}

function offers(told: Readonly<openid.ServerMetadata>): Outcome {
  const { authorization_endpoint: login, token_endpoint: token, jwks_uri: keys } = told;
  if (login === undefined || token === undefined || keys === undefined) {
    return fault(
      'Its description lacks the address for signing in, for tokens or for keys.',
      'This is no OpenID Connect provider. Use one of OAuth with OpenID Connect switched on.',
    );
  }
  const types = told.response_types_supported;
  if (types !== undefined && !types.includes('code')) {
    return fault('It does not offer the authorization code flow.', 'Switch it on at the provider.');
  }
  const [pkce, scopes] = [told.code_challenge_methods_supported, told.scopes_supported];
  if (scopes !== undefined && !scopes.includes('email')) {
    return {
      status: 'warn',
      detail: 'It does not say that it tells e-mail addresses (scope email).',
      fix: 'Allow the scope email for this client, otherwise nobody is found.',
    };
  }
  return passed(
    pkce?.includes('S256') === true
      ? 'Authorization code with PKCE (S256).'
      : 'Authorization code. It does not mention PKCE; Ringside sends it all the same.',
  );
}

async function readKeys(http: HttpClient, url: string): Promise<Outcome> {
  try {
    const { status, text } = await http.request({ url, timeoutMs: 10_000, maxBytes: 1_048_576 });
    const { keys } = JSON.parse(text) as { keys?: { use?: string }[] };
    const count = keys?.filter(({ use }) => use !== 'enc').length ?? 0;
    if (status === 200 && count > 0) return passed(`${count} to verify its ID tokens with.`);
    return fault(`${url} answered ${status} without a key.`, 'Ask whoever runs the provider.');
  } catch (error) {
    return fault(
      `${url}: ${networkFailureIn(error)?.message ?? 'What it answered is no list of keys.'}`,
      'Ask whoever runs the provider.',
    );
  }
}

async function tryClient(config: openid.Configuration, callbackUrl: string): Promise<Outcome> {
  const url = new URL(callbackUrl);
  url.searchParams.set('code', 'ringside-asks-whether-you-know-it');
  const { issuer, authorization_response_iss_parameter_supported: names } = config.serverMetadata();
  if (names === true) url.searchParams.set('iss', issuer);
  try {
    await openid.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    });
    return fault('It took a code that was made up.', 'Do not use this provider.');
  } catch (error) {
    const down = networkFailureIn(error);
    if (down !== null) return fault(down.message, 'Try again in a few minutes.');
    const refused =
      error instanceof openid.ResponseBodyError
        ? error.error
        : error instanceof openid.WWWAuthenticateChallengeError
          ? 'invalid_client'
          : null;
    if (refused === 'invalid_grant') return passed('Client ID and secret are right.');
    if (refused === 'invalid_client' || refused === 'unauthorized_client') {
      return fault(
        'It does not accept the client ID with this secret.',
        'Copy both from the provider once more. A secret may have expired there.',
      );
    }
    return {
      status: 'warn',
      detail: `Whether the secret is right cannot be told: it answered ${refused ?? 'in a way that is not known'}.`,
      fix: `Make sure that ${callbackUrl} is a redirect URI of this client, and sign in once in another browser.`,
    };
  }
}

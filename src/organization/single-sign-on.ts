/**
 * Why somebody who came back from the provider was not let in. A closed set: the sign-in page and the administrator's section
 * have a sentence for each.
 */
export const singleSignOnProblems = [
  'expired',
  'cancelled',
  'provider-down',
  'provider-refused',
  'token',
  'email-missing',
  'email-unverified',
  'other-domain',
  'unknown-person',
  'operator',
  'not-available',
] as const;
export type SingleSignOnProblem = (typeof singleSignOnProblems)[number];

/** For whoever wanted in: what happened, and whom to ask. */
export const singleSignOnSentences: Record<SingleSignOnProblem, string> = {
  expired:
    'This sign-in was used already, took longer than ten minutes, or began in another browser. Begin again.',
  cancelled:
    'Your sign-in service did not let you through. Try again, or ask whoever runs it whether you may use Ringside.',
  'provider-down': 'Your sign-in service could not be reached. Try again in a few minutes.',
  'provider-refused':
    'Your sign-in service does not accept this Ringside. Ask your administrator to run the test under Manage Organization > Signing in.',
  token:
    'The answer of your sign-in service was not right, so nobody was let in. Begin again; if it comes back, tell your administrator.',
  'email-missing':
    'Your sign-in service did not tell your e-mail address. Ask your administrator to allow it there.',
  'email-unverified':
    'Your sign-in service has not verified your e-mail address. Verify it there, then come back.',
  'other-domain':
    'The e-mail address of your sign-in service is not one of your organization’s. Choose the account of your work there.',
  'unknown-person':
    'Nobody in your organization’s Ringside has this e-mail address. Ask your administrator to invite you.',
  operator:
    'You are an operator of this hub, who signs in by password: no sign-in service of one organization vouches for them.',
  'not-available': 'Your organization does not use single sign-on any more. Sign in by password.',
};

/**
 * The issuer as a provider calls itself: https, or http on this very machine. What was copied with the path of its document is mended.
 * Throws nothing; answers the fault for people instead.
 */
export function readIssuer(text: string): { issuer: string } | { fault: string } {
  const bare = text.trim().replace(/\/\.well-known\/openid-configuration\/?$/, '');
  const url = URL.parse(bare);
  if (url === null || /[\s\p{Cc}]/u.test(bare))
    return { fault: 'This is not a URL. Write it like https://login.example.com.' };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { fault: 'Leave out user name, password, ? and #: only the address of the issuer.' };
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url));
  if (!safe) return { fault: 'Write https://: others could read the sign-ins on the way.' };
  return { issuer: bare };
}

export function isThisMachine({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** What comes behind the @, lower case; '' when there is none. */
export function emailDomain(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** What a provider tells of somebody: claims of the ID token, or of its userinfo endpoint. */
export type ProviderClaims = Readonly<Record<string, unknown>>;

/**
 * The verified e-mail address, lower case, or why there is none. Providers say `email_verified`, some of them as text; Microsoft
 * Entra ID has an optional claim of its own, `xms_edov` (the domain's owner is verified), as true, 1 or '1'.
 */
export function verifiedEmail(
  claims: ProviderClaims,
): { email: string } | { problem: 'email-missing' | 'email-unverified' } {
  const email = claims['email'];
  const verified = claims['email_verified'];
  const domainOwner = claims['xms_edov'];
  if (typeof email !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(email))
    return { problem: 'email-missing' };
  const yes: unknown[] = [true, 'true', 1, '1'];
  if (
    verified === undefined ? !yes.includes(domainOwner) : verified !== true && verified !== 'true'
  )
    return { problem: 'email-unverified' };
  return { email: email.toLowerCase() };
}

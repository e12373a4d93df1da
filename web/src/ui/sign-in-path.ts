/** Where the reader goes to sign in, and how they come back. */

const publicPages = ['/sign-in', '/setup', '/invite/'];

/** Only paths of this very site are followed after signing in; anything else (`//elsewhere`, `https:…`) means home. */
export function safeReturnPath(raw: unknown): string {
  if (typeof raw !== 'string' || !raw.startsWith('/')) return '/';
  // A browser reads `/\elsewhere` and `/<tab>/elsewhere` as it reads `//elsewhere`; the URL parser tells for certain.
  const site = 'http://ringside.invalid';
  const url = URL.canParse(raw, site) ? new URL(raw, site) : null;
  if (url === null || url.origin !== site) return '/';
  // `/x/..//elsewhere` comes out as `//elsewhere`.
  if (url.pathname.startsWith('//') || isPublic(url.pathname)) return '/';
  return url.pathname + url.search + url.hash;
}

/** Leaves the single-page app on purpose: what was shown belongs to a session that is over. */
export function goToSignIn(): void {
  const { pathname, search, hash } = window.location;
  if (isPublic(pathname)) return;
  const back = pathname + search + hash;
  window.location.assign(back === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(back)}`);
}

function isPublic(pathname: string): boolean {
  return publicPages.some((page) => pathname.startsWith(page));
}

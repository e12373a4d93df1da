/** Outcome of reading a base URL that a person typed. `origin` has no final '/', `url` has one. */
export type BaseUrl = { ok: true; url: string; notes: string[] } | { ok: false; message: string };

const maxLength = 2048;

/**
 * Reads the base URL of an instance. Mends what is safe to mend (spaces around it, a missing scheme, a missing final
 * '/') and says so; refuses whatever would make calls or links go somewhere else than the reader thinks.
 * Never repeats what was typed: it may hold a password.
 */
export function readBaseUrl(raw: string): BaseUrl {
  const typed = raw.trim();
  const broken = refuseText(typed);
  if (broken !== null) return { ok: false, message: broken };

  const notes: string[] = [];
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase();
  const parsed = parse(scheme === undefined ? `https://${typed}` : typed);
  if (parsed === null) {
    return { ok: false, message: `This is not a URL. Write it like ${example}.` };
  }
  const problem = refuseParts(parsed, typed);
  if (problem !== null) return { ok: false, message: problem };

  // A bare loopback address is a test instance, and those rarely speak https.
  if (scheme === undefined && isLoopback(parsed.hostname)) parsed.protocol = 'http:';
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    return {
      ok: false,
      message:
        'http:// would send the password readable for everybody on the way. Write https:// instead.',
    };
  }
  if (scheme === undefined) notes.push(`${parsed.protocol}// was added in front.`);
  if (!typed.endsWith('/')) notes.push("The final '/' was added.");
  return { ok: true, url: `${parsed.origin}/`, notes };
}

const example = 'https://acme.service-now.com/';

function refuseText(typed: string): string | null {
  if (typed === '') return `Enter the base URL of your instance, like ${example}.`;
  if (typed.length > maxLength) return 'This is too long for a URL.';
  if (/[\s\p{Cc}\p{Cf}\\]/u.test(typed)) {
    return 'A URL holds no spaces, line breaks, backslashes or invisible characters.';
  }
  return null;
}

function parse(text: string): URL | null {
  const url = URL.parse(text);
  return url === null || url.hostname === '' ? null : url;
}

function refuseParts(url: URL, typed: string): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `Only https:// can be used here. Write it like ${example}.`;
  }
  if (url.username !== '' || url.password !== '' || typed.includes('@')) {
    return 'The URL holds a user name or password. Leave them out: they have their own fields.';
  }
  if (typed.includes('?') || typed.includes('#')) {
    return `Only the base URL is wanted, without anything after '?' or '#': ${url.origin}/`;
  }
  if (url.pathname !== '/') {
    return `Only the base URL is wanted, without a path: ${url.origin}/`;
  }
  if (url.port === '0') return 'Port 0 cannot be called.';
  return null;
}

/** Whether a host name (as URL gives it) is this very machine. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

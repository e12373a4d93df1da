import { createHash, randomBytes } from 'node:crypto';

/**
 * What stands on every answer of an instance (§1.5, recorded from a live one). Cookies come whether the client keeps them or not; here they are not
 * marked Secure, because over plain HTTP a client that keeps cookies would then never show what that leads to.
 */
export function instanceHeaders(
  transaction: string,
  sessionId: string,
  signedIn: boolean | null,
): Record<string, string | string[]> {
  const node = createHash('sha256').update(`node ${sessionId}`).digest('hex');
  return {
    'Set-Cookie': [
      `JSESSIONID=${sessionId}; Path=/; HttpOnly`,
      'glide_user=; Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/; HttpOnly',
      'glide_user_session=; Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/; HttpOnly',
      `glide_user_route=glide.${node.slice(0, 32)}; Max-Age=2147483647; Path=/; HttpOnly`,
      `glide_node_id_for_js=${node}; Path=/`,
      `glide_session_store=${sessionId}; Max-Age=300; Path=/; HttpOnly`,
    ],
    ...(signedIn === null ? {} : { 'X-Is-Logged-In': String(signedIn) }),
    'X-Transaction-ID': transaction,
    'Server-Timing': `t;desc="${transaction}", sem_wait;dur=0, sesh_wait;dur=0`,
    Pragma: 'no-store,no-cache',
    'Cache-Control': 'no-cache,no-store,must-revalidate,max-age=-1',
    Expires: '0',
    'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
    Server: 'snow_adc',
  };
}

export function newSessionId(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

export function newTransaction(): string {
  return randomBytes(6).toString('hex');
}

export function cookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

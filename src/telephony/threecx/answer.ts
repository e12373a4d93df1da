import { HttpFailure } from '../../platform/http-failure.ts';
import { LinkError } from '../link-error.ts';
import type { LinkFailure } from '../link-error.ts';

const words: Record<HttpFailure['kind'], [code: LinkFailure, fix: string]> = {
  dns: ['dns', 'Check the spelling of the address.'],
  refused: ['refused', 'Check address and port, and that no firewall rejects this machine.'],
  tls: [
    'tls',
    'The certificate is not trusted or is for another name; use the name that it is for.',
  ],
  timeout: ['timeout', 'Check the address and that firewalls let this machine through.'],
  reset: [
    'closed',
    'It is tried again by itself. When it does not come back, check that 3CX runs.',
  ],
  protocol: ['wrong-protocol', 'Check the address: it is the one of the Admin Console.'],
  'too-large': ['too-large', 'Check the address: it is the one of the Admin Console.'],
  aborted: ['closed', 'Nothing is to be done.'],
  'address-refused': [
    'refused',
    'Check the address. Whoever runs Ringside can add its network to RINGSIDE_PHONE_NETWORKS, or its host to RINGSIDE_ALLOW_PRIVATE.',
  ],
};

/** A request whose failures come as LinkError. */
export async function throughHttp<T>(url: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const [code, fix] = words[error.kind];
    throw new LinkError(code, `${url}: ${error.message}`, fix, error);
  }
}

/** Null when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

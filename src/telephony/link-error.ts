/** Why a link to a phone system could not be made or was lost. Closed set, shown to administrators. */
export type LinkFailure =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'unauthorized'
  | 'wrong-protocol'
  | 'protocol-error'
  | 'too-large'
  | 'closed'
  | 'failed';

/** `message` says what happened and `fix` what to do about it, both whole sentences for an administrator, without secrets. */
export class LinkError extends Error {
  readonly code: LinkFailure;
  readonly fix: string;

  constructor(code: LinkFailure, message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LinkError';
    this.code = code;
    this.fix = fix;
  }
}

/** The link ends by our own will. */
export function closedHere(): LinkError {
  return new LinkError('closed', 'Ringside closed the connection.', 'Nothing is to be done.');
}

/** The link ends because what it told could not be kept, so that it is told again. */
export function notKept(error: unknown): LinkError {
  return new LinkError(
    'failed',
    'Ringside could not keep what the phone system told.',
    'It is tried again by itself; see the log of Ringside.',
    error,
  );
}

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|EPROTO|HOSTNAME_MISMATCH)/;

/** What Node says of a socket, in our words. `address` is host and port. */
export function socketFailure(error: unknown, address: string): LinkError {
  if (error instanceof LinkError) return error;
  const { code = '' } = error as { code?: string };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new LinkError(
      'dns',
      `No address is known for ${address}.`,
      'Check the spelling of the host, or type its IP address.',
      error,
    );
  if (code === 'ECONNREFUSED')
    return new LinkError(
      'refused',
      `Nothing takes connections at ${address}.`,
      'Check host and port, that the phone system runs with this interface enabled and bound to an address that this machine reaches, and that no firewall rejects it.',
      error,
    );
  if (code === 'ERR_ADDRESS_REFUSED')
    return new LinkError(
      'refused',
      `${address} is not called: this hub does not call that network.`,
      'Check the host. Whoever runs Ringside can add its network to RINGSIDE_PHONE_NETWORKS.',
      error,
    );
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return new LinkError(
      'timeout',
      `${address} cannot be reached.`,
      'Check the host and that firewalls let this machine through.',
      error,
    );
  if (tlsCodes.test(code))
    return new LinkError(
      'tls',
      `TLS with ${address} failed: ${code}.`,
      code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code.startsWith('EPROTO')
        ? 'This port does not speak TLS: use the TLS port, or choose no encryption.'
        : "The certificate is not trusted or is for another name. Give the phone system one for this host name, or choose 'TLS, any certificate'.",
      error,
    );
  return new LinkError(
    'closed',
    `The connection to ${address} was lost${code === '' ? '' : ` (${code})`}.`,
    'It is tried again by itself. When it does not come back, check that the phone system runs.',
    error,
  );
}

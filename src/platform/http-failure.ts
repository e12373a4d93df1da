/**
 * Why an HTTP exchange gave no answer. `protocol`: bytes came, but they are not HTTP or not the promised encoding.
 * `address-refused`: this hub does not call private addresses. `reset`: the other side hung up; `answered` tells whether it had begun to answer.
 */
export type HttpFailureKind =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'protocol'
  | 'too-large'
  | 'aborted'
  | 'address-refused';

export class HttpFailure extends Error {
  readonly kind: HttpFailureKind;
  /** The headers of an answer had already come. */
  readonly answered: boolean;

  constructor(
    kind: HttpFailureKind,
    message: string,
    options: { answered?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpFailure';
    this.kind = kind;
    this.answered = options.answered ?? false;
  }
}

const kindByCode: Record<string, HttpFailureKind> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ENETDOWN: 'refused',
  EADDRNOTAVAIL: 'refused',
  EACCES: 'refused',
  EPERM: 'refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_ABORTED: 'reset',
  ERR_ADDRESS_REFUSED: 'address-refused',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  Z_DATA_ERROR: 'protocol',
  // An archive that ends too early: the connection was cut.
  Z_BUF_ERROR: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  EPROTO: 'tls',
};

const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;

const sentences: Record<HttpFailureKind, string> = {
  dns: 'The host name is not known.',
  refused: 'The host did not accept a connection.',
  tls: 'No trusted TLS connection came about.',
  timeout: 'No answer in time.',
  reset: 'The connection was closed before the answer was complete.',
  protocol: 'The answer is not valid HTTP.',
  'too-large': 'The answer is too large.',
  aborted: 'The request was cancelled.',
  'address-refused':
    'It is in a private network or on this machine, which this hub does not call unless its operator allows it.',
};

/**
 * Translates what Node, OpenSSL, zlib or undici threw. The cause's code stays in the sentence: it is what an
 * administrator can search for, and it holds nothing secret.
 */
export function networkFailure(error: unknown, answered: boolean): HttpFailure {
  const code = errorCode(error);
  const kind = kindOf(code, error);
  return new HttpFailure(kind, code === '' ? sentences[kind] : `${sentences[kind]} (${code})`, {
    answered,
    cause: error,
  });
}

function kindOf(code: string, error: unknown): HttpFailureKind {
  const text = error instanceof Error ? error.message : '';
  if (/before secure TLS connection/i.test(text)) return 'tls';
  if (tlsCode.test(code)) return 'tls';
  // undici gives its parser's errors a name, and a code only sometimes.
  if (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError')) {
    return 'protocol';
  }
  return kindByCode[code] ?? 'reset';
}

/** The first code in the chain of causes; a dual-stack connect throws an AggregateError whose parts have the codes. */
function errorCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const code: unknown = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && code !== '') return code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return '';
}

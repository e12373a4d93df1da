/** An answer before it is sent, so that the batch API and the faults can look at it. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  /** A list of texts is sent piece by piece, which is how rows stream. */
  body: string | Buffer | Iterable<string> | null;
  /** The answer never arrives. */
  line?: 'silent' | 'dropped';
}

const json = 'application/json;charset=UTF-8';

export function jsonReply(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'Content-Type': json, ...headers }, body: JSON.stringify(value) };
}

export function resultReply(
  status: number,
  result: unknown,
  headers: Reply['headers'] = {},
): Reply {
  return jsonReply(status, { result }, headers);
}

/** `{"result":[…]}` with rows that are JSON already. */
export function rowsReply(rows: Iterable<string>, headers: Reply['headers']): Reply {
  return { status: 200, headers: { 'Content-Type': json, ...headers }, body: inPieces(rows) };
}

function* inPieces(rows: Iterable<string>): Generator<string> {
  let piece = '{"result":[';
  let first = true;
  for (const row of rows) {
    piece += first ? row : `,${row}`;
    first = false;
    if (piece.length > 65_536) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}]}`;
}

export function emptyReply(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: null };
}

export function htmlReply(status: number, html: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'Content-Type': 'text/html;charset=UTF-8', ...headers }, body: html };
}

/** The instance's error envelope (§1.5). */
export function errorReply(
  status: number,
  message: string,
  detail: string | null,
  headers: Reply['headers'] = {},
): Reply {
  return jsonReply(status, { error: { message, detail }, status: 'failure' }, headers);
}

/** Ends the handling of a request with a finished answer; thrown where an answer cannot be returned. */
export class Refused extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super('The request was refused.');
    this.reply = reply;
  }
}

export function refuse(status: number, message: string, detail: string | null): never {
  throw new Refused(errorReply(status, message, detail));
}

/** The errors that several APIs give, in the instance's words. */
export const invalidTable = (table: string): Reply =>
  errorReply(400, `Invalid table ${table}`, null);
export const noRecord = (): Reply =>
  errorReply(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
export const noResource = (path: string): Reply =>
  errorReply(400, 'Requested URI does not represent any resource', path);

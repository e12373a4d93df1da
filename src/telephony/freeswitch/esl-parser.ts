import { RingsideError } from '../../platform/errors.ts';
import { cleanText } from '../../platform/text.ts';
import { createLineSplitter } from '../line-splitter.ts';

/** An event of the Event Socket: its fields, decoded, and the body that some events carry behind them. */
export interface EslEvent {
  fields: ReadonlyMap<string, string>;
  body: string;
}

/** The value of a field; '' when the event has none. */
export function fieldOf(event: EslEvent, name: string): string {
  return event.fields.get(name) ?? '';
}

// The longest event of the recordings has 13 KB; an answer to an API command can be long.
const longestLine = 64 * 1024;
const largestBody = 4 * 1024 * 1024;
const longestValue = 4096;
const mostHeaders = 100;

/** Any other message: a question for the password, an answer to a command. */
export interface EslReply {
  headers: ReadonlyMap<string, string>;
  body: string;
}

export interface EslParser {
  /** Takes bytes, cut anywhere; answers the events that are complete. Throws `invalid-input` when this is no Event Socket stream. */
  push(chunk: Buffer): EslEvent[];
  /** The stream is over. A message that was cut off is dropped. */
  end(): void;
}

/**
 * The framing of the Event Socket: header lines, an empty line, then as many bytes of body as Content-Length says. The body of
 * `text/event-plain` is again header lines, URL-encoded, an empty line and, if they name a Content-Length, a body. Holds at
 * most one message; a body announced as larger than 4 MiB is passed over. `onReply` gets the messages that are no events, and
 * how many events of the bytes pushed last came before it.
 */
export function createEslParser(
  onReply?: (reply: EslReply, eventsBefore: number) => void,
): EslParser {
  const lines = createLineSplitter(longestLine);
  let headers = new Map<string, string>();
  let events: EslEvent[] = [];
  let body: Buffer[] = [];
  let missing = 0;
  let recognised = false;

  function readHeader(line: string | null): boolean {
    if (line !== '') {
      const [name, value] = splitHeader(line ?? '');
      if (!recognised && (line === null || name === '')) throw notEsl();
      if (headers.size < mostHeaders) headers.set(name, value);
      return true;
    }
    if (headers.size === 0) return true;
    if (!recognised && !headers.has('Content-Type')) throw notEsl();
    recognised = true;
    const length = Number(headers.get('Content-Length') ?? 0);
    missing = Number.isInteger(length) && length > 0 ? length : 0;
    if (missing > 0) return false;
    onReply?.({ headers, body: '' }, events.length);
    headers = new Map();
    return true;
  }

  function readBody(chunk: Buffer): number {
    const piece = chunk.subarray(0, missing);
    missing -= piece.length;
    if (Number(headers.get('Content-Length')) <= largestBody) body.push(Buffer.from(piece));
    if (missing > 0) return piece.length;
    const whole = Buffer.concat(body);
    if (headers.get('Content-Type') !== 'text/event-plain')
      onReply?.({ headers, body: whole.toString('utf8') }, events.length);
    else if (whole.length > 0) events.push(readEvent(whole));
    headers = new Map();
    body = [];
    return piece.length;
  }

  return {
    push(chunk) {
      for (let rest = chunk; rest.length > 0;) {
        const used = missing > 0 ? readBody(rest) : lines.feed(rest, readHeader);
        rest = rest.subarray(used);
      }
      const complete = events;
      events = [];
      return complete;
    },
    end() {
      if (!recognised) throw notEsl();
    },
  };
}

function readEvent(bytes: Buffer): EslEvent {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const fields = new Map<string, string>();
  for (const line of (end < 0 ? text : text.slice(0, end)).split('\n')) {
    const [name, value] = splitHeader(line);
    if (name !== '') fields.set(name, cleanText(decode(value), longestValue));
  }
  return { fields, body: end < 0 ? '' : text.slice(end + 2) };
}

function splitHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return colon <= 0 ? ['', ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function decode(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function notEsl(): RingsideError {
  return new RingsideError(
    'invalid-input',
    "This is not a stream of FreeSWITCH's Event Socket: it does not begin with a message that has a Content-Type.",
  );
}

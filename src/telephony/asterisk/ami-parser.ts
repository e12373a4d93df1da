import { RingsideError } from '../../platform/errors.ts';
import { cleanText } from '../../platform/text.ts';
import { createLineSplitter } from '../line-splitter.ts';

/**
 * A message of the Asterisk Manager Interface: one banner line, then blocks of `Key: value` lines, each block ended by an empty
 * line. Values may be empty, hold ': ' or UTF-8; a key may come several times in a block; the blocks of some builds are
 * followed by one more empty line.
 */
export type AmiMessage = ReadonlyMap<string, readonly string[]>;

/** The first value of a key; '' when the message has none. */
export function valueOf(message: AmiMessage, key: string): string {
  return message.get(key)?.[0] ?? '';
}

// Far above anything seen (the longest line of the recordings has some 300 bytes); what goes beyond is left out.
const longestLine = 16 * 1024;
const largestMessage = 256 * 1024;
const longestValue = 1024;

export interface AmiParser {
  /** Takes bytes, cut anywhere; answers the messages that are complete. Throws `invalid-input` when this is no AMI stream. */
  push(chunk: Buffer): AmiMessage[];
  /** The stream is over. A message that was cut off is dropped. */
  end(): void;
}

/** Holds at most one message, and of that at most 256 KiB. */
export function createAmiParser(): AmiParser {
  const lines = createLineSplitter(longestLine);
  let fields = new Map<string, string[]>();
  let size = 0;
  let messages: AmiMessage[] = [];
  /** Set once the stream has shown itself: by its banner or by a first block with an Event, Response or Action. */
  let recognised = false;

  function readLine(line: string | null): boolean {
    if (line === '') endBlock();
    else if (!recognised && size === 0 && line?.startsWith('Asterisk Call Manager/'))
      recognised = true;
    else if (!recognised && (line === null || !/^[\w-]+:/.test(line))) throw notAmi();
    else if (line !== null) addField(line);
    return true;
  }

  function addField(line: string): void {
    const colon = line.indexOf(':');
    size += line.length;
    if (colon <= 0 || size > largestMessage) return;
    const key = line.slice(0, colon);
    const value = cleanText(line.slice(colon + 1), longestValue);
    const values = fields.get(key);
    if (values === undefined) fields.set(key, [value]);
    else values.push(value);
  }

  function endBlock(): void {
    if (size === 0) return;
    if (!recognised && !['Event', 'Response', 'Action'].some((key) => fields.has(key)))
      throw notAmi();
    recognised = true;
    messages.push(fields);
    fields = new Map();
    size = 0;
  }

  return {
    push(chunk) {
      lines.feed(chunk, readLine);
      const complete = messages;
      messages = [];
      return complete;
    },
    end() {
      if (!recognised) throw notAmi();
    },
  };
}

function notAmi(): RingsideError {
  return new RingsideError(
    'invalid-input',
    'This is not a stream of the Asterisk Manager Interface: it begins with neither its banner nor one of its messages.',
  );
}

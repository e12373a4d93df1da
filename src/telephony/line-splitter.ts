const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Bytes to lines, whatever the cuts between the chunks. */
export interface LineSplitter {
  /**
   * Takes lines out of the chunk until `take` answers false; answers how many bytes were used up. A line comes without its
   * end (LF or CR LF); one longer than the limit comes as null, and is not kept meanwhile.
   */
  feed(chunk: Buffer, take: (line: string | null) => boolean): number;
  /** The last line, if the stream ended without a line end. */
  rest(): string | null;
}

export function createLineSplitter(limit: number): LineSplitter {
  let pieces: Buffer[] = [];
  let length = 0;

  function keep(piece: Buffer): void {
    length += piece.length;
    if (length > limit) pieces = [];
    else pieces.push(Buffer.from(piece));
  }

  function takeLine(): string | null {
    const line = length > limit ? null : textOf(Buffer.concat(pieces), 0, length);
    pieces = [];
    length = 0;
    return line;
  }

  return {
    feed(chunk, take) {
      let at = 0;
      for (;;) {
        const end = chunk.indexOf(lineFeed, at);
        if (end < 0) break;
        const start = at;
        at = end + 1;
        // Most lines lie whole in one chunk and need no copy.
        if (length === 0 && end - start <= limit) {
          if (!take(textOf(chunk, start, end))) return at;
          continue;
        }
        keep(chunk.subarray(start, end));
        if (!take(takeLine())) return at;
      }
      if (at < chunk.length) keep(chunk.subarray(at));
      return chunk.length;
    },
    rest: () => (length === 0 ? null : takeLine()),
  };
}

function textOf(bytes: Buffer, start: number, end: number): string {
  const withReturn = end > start && bytes[end - 1] === carriageReturn;
  return bytes.toString('utf8', start, withReturn ? end - 1 : end);
}

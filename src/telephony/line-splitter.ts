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
    const line = length > limit ? null : textOf(Buffer.concat(pieces));
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
        const piece = chunk.subarray(at, end);
        at = end + 1;
        // Most lines lie whole in one chunk and need no copy.
        if (length === 0 && piece.length <= limit) {
          if (!take(textOf(piece))) return at;
          continue;
        }
        keep(piece);
        if (!take(takeLine())) return at;
      }
      if (at < chunk.length) keep(chunk.subarray(at));
      return chunk.length;
    },
    rest: () => (length === 0 ? null : takeLine()),
  };
}

function textOf(line: Buffer): string {
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  return line.toString('utf8', 0, end);
}

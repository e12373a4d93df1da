import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A statement that begins so is a COPY, and its one parameter the rows: an iterable of Buffers in COPY's text format. */
export const copyMarker = '/* copy */ ';

/** Lets `copyRows` work on a connection: Kysely knows statements with parameters, and no streams. */
export function useCopy(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const withCopy = (text: unknown, values?: unknown, ...rest: unknown[]): unknown => {
    if (typeof text !== 'string' || !text.startsWith(copyMarker))
      return query(text, values, ...rest);
    const [rows] = values as [Iterable<Buffer> | AsyncIterable<Buffer>];
    const stream = query(copyFrom(text)) as ReturnType<typeof copyFrom>;
    // One piece ahead: whoever makes them need not hold them all.
    return pipeline(Readable.from(rows, { highWaterMark: 1 }), stream).then(() => ({
      ...{ command: 'COPY', rowCount: stream.rowCount, rows: [] },
    }));
  };
  client.query = withCopy as pg.ClientBase['query'];
}

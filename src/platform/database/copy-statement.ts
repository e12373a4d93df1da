import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A statement that begins so is a COPY, and its one parameter the rows: Buffers in COPY's text format. */
export const copyMarker = '/* copy */ ';

/** Lets `copyRows` work on a connection: Kysely knows statements with parameters, and no streams. */
export function useCopy(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const withCopy = (text: unknown, values?: unknown, ...rest: unknown[]): unknown => {
    if (typeof text !== 'string' || !text.startsWith(copyMarker))
      return query(text, values, ...rest);
    const [rows] = values as [Buffer[]];
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const stream = query(copyFrom(text)) as ReturnType<typeof copyFrom>;
    stream.on('error', reject);
    stream.on('finish', () => resolve({ command: 'COPY', rowCount: stream.rowCount, rows: [] }));
    for (const some of rows) stream.write(some);
    stream.end();
    return promise;
  };
  client.query = withCopy as pg.ClientBase['query'];
}

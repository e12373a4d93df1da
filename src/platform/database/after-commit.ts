import { PostgresDialect, PostgresDriver } from 'kysely';
import type {
  DatabaseConnection,
  Driver,
  Kysely,
  PostgresDialectConfig,
  TransactionSettings,
} from 'kysely';
import pg from 'pg';

/**
 * `sure` is false when the connection broke before the answer to the commit came: then nobody here knows whether it took place.
 */
type Work = (sure: boolean) => void;

/** What waits for the transaction that a connection is in. */
const waiting = new WeakMap<DatabaseConnection, Work[]>();

/**
 * Runs `work` when the transaction of `db` has been committed and not at all when it was rolled back; at once when `db` is in no
 * transaction. `work` must not throw. A process that dies in between runs nothing.
 */
export async function afterCommit(db: Kysely<{}>, work: Work): Promise<void> {
  if (!db.isTransaction) return work(true);
  await db.getExecutor().provideConnection(async (connection) => {
    const works = waiting.get(connection);
    if (works === undefined) throw new Error('afterCommit needs a database of openDatabase().');
    works.push(work);
  });
}

/** PostgreSQL for Kysely, with a driver that knows what waits for a commit. */
export class TellingDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new TellingDriver(this.#config);
  }
}

class TellingDriver extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    await super.beginTransaction(connection, settings);
    waiting.set(connection, []);
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const works = take(connection);
    try {
      await super.commitTransaction(connection);
    } catch (error) {
      if (!isRefusal(error)) for (const work of works) work(false);
      throw error;
    }
    for (const work of works) work(true);
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    take(connection);
    await super.rollbackTransaction(connection);
  }
}

function take(connection: DatabaseConnection): Work[] {
  const works = waiting.get(connection) ?? [];
  waiting.delete(connection);
  return works;
}

/** A server that goes away (class 57) may have committed before it said so; what is no word of PostgreSQL is a broken line. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(57|08)/.test(error.code ?? '');
}

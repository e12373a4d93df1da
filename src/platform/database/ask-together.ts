import type { Database } from './database.ts';
import { currentScope } from './scope.ts';

/** Answers many questions about one organization in one query, in their order. */
export type AskMany<Question, Answer> = (
  db: Database,
  organizationId: string,
  questions: readonly Question[],
) => Promise<readonly Answer[]>;

/** One question; the answer holds everything that was committed before it was asked. */
export type AskOne<Question, Answer> = (
  db: Database,
  organizationId: string,
  question: Question,
) => Promise<Answer>;

interface Waiting<Question, Answer> {
  question: Question;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/** More would have the first wait for the last. */
const questionsAtOnce = 50;

/**
 * Lets those who ask the same at the same time share a query: what is asked while one is under way goes together into the next, so that a
 * single question never waits and many cost few round trips. Questions are shared within one organization and one
 * scope (scope.ts), never beyond, and inside a transaction not at all, for it may see what others do not.
 */
export function askTogether<Question, Answer>(
  askMany: AskMany<Question, Answer>,
): AskOne<Question, Answer> {
  type Line = Map<string, Waiting<Question, Answer>[]>;
  const lines = new WeakMap<Database, Line>();

  async function run(line: Line, name: string, db: Database, organizationId: string) {
    // What comes in the same moment goes along.
    await Promise.resolve();
    for (;;) {
      const some = line.get(name)?.splice(0, questionsAtOnce) ?? [];
      if (some.length === 0) break;
      await answer(db, organizationId, some);
    }
    line.delete(name);
  }

  async function answer(
    db: Database,
    organizationId: string,
    some: readonly Waiting<Question, Answer>[],
  ): Promise<void> {
    try {
      const answers = await askMany(
        db,
        organizationId,
        some.map(({ question }) => question),
      );
      for (const [place, { resolve }] of some.entries()) resolve(answers[place]!);
    } catch (error) {
      const [only, ...others] = some;
      if (others.length === 0) return only!.reject(error);
      // One of them may be to blame; alone it harms nobody else.
      for (const one of some) await answer(db, organizationId, [one]);
    }
  }

  return async (db, organizationId, question) => {
    if (db.isTransaction) return (await askMany(db, organizationId, [question]))[0]!;
    const line: Line = lines.get(db) ?? new Map();
    lines.set(db, line);
    const name = `${currentScope()} ${organizationId}`;
    return new Promise<Answer>((resolve, reject) => {
      const waiting = line.get(name);
      if (waiting !== undefined) return void waiting.push({ question, resolve, reject });
      line.set(name, [{ question, resolve, reject }]);
      void run(line, name, db, organizationId);
    });
  };
}

import { ProblemError } from '../ui/api.ts';

/** The server names fields as the body has them, `settings.endpoint`; the form knows `endpoint`. */
export async function atOwnFields<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const errors = error.errors.map(({ field, message }) => ({
      field: field.replace(/^settings\./, ''),
      message,
    }));
    const { status, code, detail, fix } = error;
    throw new ProblemError({ status, code, detail, fix, errors });
  }
}

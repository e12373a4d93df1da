import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { RingsideError } from '../platform/errors.ts';

export interface PasswordSources {
  /** Path of a file whose first line is the password. */
  file: string | undefined;
  /** From the environment; null when not set. */
  environment: string | null;
  input: NodeJS.ReadStream;
  prompts: NodeJS.WriteStream;
}

/**
 * The password from a file, else the environment, else a prompt that does not show it. Never from an argument: those can
 * be read by everybody on the machine. Throws `invalid-input` when there is none.
 */
export async function readPassword(sources: PasswordSources): Promise<string> {
  const { file, environment, input, prompts } = sources;
  if (file !== undefined) return fromFile(file);
  if (environment !== null) return environment;
  if (!input.isTTY) {
    throw new RingsideError('invalid-input', 'There is no password.', {
      fix: 'Set RINGSIDE_PASSWORD, or name a file with --password-file.',
    });
  }
  return prompt(input, prompts);
}

async function fromFile(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new RingsideError('invalid-input', `The password file cannot be read (${code}).`, {
      fix: 'Name a readable file with --password-file.',
    });
  }
  const password = text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
  if (password === '')
    throw new RingsideError('invalid-input', 'The first line of the password file is empty.');
  return password;
}

async function prompt(input: NodeJS.ReadStream, prompts: NodeJS.WriteStream): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Before the question is put: from here on the terminal does not echo.
  const reader = createInterface({ input, output: silent, terminal: true });
  // Ctrl-C and Ctrl-D reject the question; the end of the input only closes the reader.
  const givenUp = once(reader, 'close').then(() => '');
  prompts.write('CRM Password: ');
  try {
    const password = await Promise.race([reader.question('').catch(() => ''), givenUp]);
    if (password === '') throw new RingsideError('invalid-input', 'No password was typed.');
    return password;
  } finally {
    reader.close();
    prompts.write('\n');
  }
}

import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the demo has to remember between two starts on the same data folder. */
export interface DemoState {
  /** Of the administrator and of the agents; made at the first start, so that no two demos share one. */
  password: string;
  /** Port of the sandbox, taken again when it is free. */
  sandboxPort: number;
}

const words = [
  'pump',
  'valve',
  'river',
  'harbor',
  'copper',
  'silver',
  'meadow',
  'lantern',
  'orbit',
  'maple',
  'cobalt',
  'summit',
  'velvet',
  'anchor',
  'pebble',
  'saddle',
];

export async function readDemoState(folder: string): Promise<DemoState> {
  try {
    const { password, sandboxPort } = JSON.parse(
      await readFile(join(folder, 'demo.json'), 'utf8'),
    ) as Partial<DemoState>;
    if (typeof password === 'string' && typeof sandboxPort === 'number')
      return { password, sandboxPort };
  } catch (error) {
    if (!(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw error;
  }
  return { password: newPassword(), sandboxPort: 0 };
}

export async function writeDemoState(folder: string, state: DemoState): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'demo.json'), `${JSON.stringify(state, null, 2)}\n`, {
    mode: 0o600,
  });
}

/** Easy to type: three words and four digits. The hub of the demo listens to this machine alone. */
function newPassword(): string {
  const word = (): string => words[randomInt(words.length)]!;
  return `${word()}-${word()}-${word()}-${randomInt(1000, 10_000)}`;
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Command as Program } from 'commander';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from './commands.ts';
import { pathFolders } from './platform/config.ts';
import { gatherLog } from './platform/log.testing.ts';
import { isAlive } from './platform/database/postmaster.ts';

const launcher = join(import.meta.dirname, '../bin/ringside.mjs');

interface Answer {
  exitCode: number;
  out: string;
  err: string;
}

function run(
  args: string[],
  env: Record<string, string> = {},
  { node = process.execPath, program = launcher } = {},
) {
  return new Promise<Answer>((resolve) => {
    execFile(node, [program, ...args], { env: { PATH: '', ...env } }, (error, out, err) => {
      gatherLog(err);
      resolve({ exitCode: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

test('help lists the commands, and a command explains itself', async () => {
  const { exitCode, out, err } = await run(['--help']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  const names = [...out.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name!);
  expect(names.filter((name) => name !== 'help')).toEqual(commands.map(({ name }) => name));
  const help = await run(['sandbox', '--help']);
  expect(help).toMatchObject({ exitCode: 0, err: '' });
  expect(help.out).toContain('Usage: ringside sandbox');
});

test.each(commands)('$name tells what can be asked of it', async ({ name, load }) => {
  const { command } = await load();
  const help = command.configure(new Program(name).description(command.description));
  expect(help.helpInformation()).toContain(`Usage: ${name}`);
});

test.each([[['serv']], [['lookup']], [['sandbox', '--port', 'x']], [['check', '--what']]])(
  'a wrong call ends with 2 and a word about it: %j',
  async (args) => {
    const { exitCode, out, err } = await run(args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(/^error: /);
  },
);

test('wrong settings stop the start, all at once, without a stack', async () => {
  const { exitCode, err } = await run(['serve'], { RINGSIDE_PORT: 'x', RINGSIDE_HOTS: 'y' });
  expect(exitCode).toBe(2);
  expect(err.split('\n').slice(0, 3)).toEqual([
    '2 settings are wrong.',
    '  RINGSIDE_HOTS: No such setting. Did you mean RINGSIDE_HOST?',
    "  RINGSIDE_PORT: 'x' is not right. It must be a whole number from 0 to 65535 (0 takes any free port).",
  ]);
  expect(err).not.toContain('    at ');
});

test('the bundle of the code does what the code does', async () => {
  const bundler = join(import.meta.dirname, '../bin/bundle-hub.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [bundler]);
  const programs = [join(stdout.trim(), 'cli.mjs'), join(import.meta.dirname, 'cli.ts')];
  // The second one fails with an error of ours, which is known by its class.
  for (const args of [['--help'], ['serve'], ['serve', '--help']]) {
    const [bundled, asItStands] = await Promise.all(
      programs.map((program) => run(args, { RINGSIDE_PORT: 'x' }, { program })),
    );
    expect(bundled).toEqual(asItStands);
  }
});

/** A Node of this machine that cannot run TypeScript; null when there is none. */
async function oldNode(): Promise<string | null> {
  for (const folder of pathFolders()) {
    const node = join(folder, 'node');
    const version = await new Promise<string>((resolve) => {
      execFile(node, ['--version'], (_error, out) => resolve(out));
    });
    const major = Number(/^v(\d+)/.exec(version)?.[1]);
    if (major >= 14 && major < 22) return node;
  }
  return null;
}
const old = await oldNode();

test.runIf(old !== null)('an old Node hands over, with its exit code', async () => {
  expect((await run(['--version'], {}, { node: old! })).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run(['serv'], {}, { node: old! })).exitCode).toBe(2);
});

test.runIf(old !== null)(
  'a signal to the old Node, even kill -9, stops what it started',
  async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
      const parent = spawn(old!, [launcher, 'sandbox', '--port', '0', '--contacts', '1'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void parent.kill('SIGKILL'));
      const exited = once(parent, 'exit');
      await once(createInterface({ input: parent.stdout }), 'line');
      const children = await new Promise<string>((resolve) => {
        execFile('ps', ['-o', 'pid=', '--ppid', String(parent.pid)], (_error, out) => resolve(out));
      });
      const child = Number(children);
      expect(isAlive(child)).toBe(true);
      parent.kill(signal);
      const [code] = (await exited) as [number | null];
      expect(code).toBe(signal === 'SIGKILL' ? null : 0);
      await expect.poll(() => isAlive(child)).toBe(false);
    }
  },
);

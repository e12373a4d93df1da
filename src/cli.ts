import { readFileSync } from 'node:fs';
import { Command as Program, CommanderError } from 'commander';
import type { Command } from './platform/command.ts';
import { errorText } from './platform/error-text.ts';
import { RingsideError } from './platform/errors.ts';

/** The commands. Each is loaded only when it is called: `ringside --help` needs neither a database nor a second. */
const commands: { name: string; summary: string; load(): Promise<{ command: Command<never> }> }[] =
  [
    { name: 'serve', summary: 'start the hub', load: () => import('./serve-command.ts') },
    {
      name: 'demo',
      summary: 'start the hub with a made-up company and a phone that rings',
      load: () => import('../sandbox/demo-command.ts'),
    },
    {
      name: 'sandbox',
      summary: 'start only the stand-in ServiceNow instance',
      load: () => import('../sandbox/sandbox-command.ts'),
    },
    {
      name: 'check',
      summary: 'run the Systems Check against an instance, without a database',
      load: () => import('./systems-check/check-command.ts'),
    },
    {
      name: 'replay',
      summary: 'fold a recorded stream of a phone system into calls',
      load: () => import('./calls/replay-command.ts'),
    },
    {
      name: 'lookup',
      summary: 'say who would pop for a number, and why',
      load: () => import('./desk/lookup-command.ts'),
    },
    {
      name: 'apply',
      summary: 'make an organization what a file says',
      load: () => import('./apply-command.ts'),
    },
    {
      name: 'backup',
      summary: 'write everything in the database into one file',
      load: () => import('./backup-command.ts'),
    },
    {
      name: 'restore',
      summary: 'make a database from that file',
      load: () => import('./restore-command.ts'),
    },
    {
      name: 'operator',
      summary: 'say who creates organizations on this hub and gives them seats',
      load: () => import('./organization/operator-command.ts'),
    },
    {
      name: 'rotate-key',
      summary: 'seal all stored secrets with a new key, while no hub runs',
      load: () => import('./organization/rotate-key-command.ts'),
    },
  ];

const usageError = 2;

/** Runs the command line; resolves to the exit code: 0 well, 1 failed, 2 called in a wrong way. */
async function main(args: string[]): Promise<number> {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const program = new Program('ringside')
    .description('The hub between phone systems and ServiceNow Customer Service Management.')
    .version(manifest.version)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', '\nringside COMMAND --help tells more about a command.');
  let exitCode = 0;
  for (const { name, summary, load } of commands) {
    const sub = program.command(name).summary(summary).exitOverride();
    if (args[0] !== name && !(args[0] === 'help' && args[1] === name)) continue;
    const { command } = await load();
    command.configure(sub.description(command.description)).action(async () => {
      exitCode = await command.run(sub.opts<never>(), sub.args);
    });
  }
  try {
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed what was wrong; asking for help is no fault.
    if (error instanceof CommanderError)
      return error.exitCode === 0 || args.length === 0 ? 0 : usageError;
    process.stderr.write(`${errorText(error)}\n`);
    return error instanceof RingsideError && error.code === 'invalid-input' ? usageError : 1;
  }
}

// Started by an older Node (bin/ringside.mjs): when that process is gone, nobody can stop this one any more.
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

process.exitCode = await main(process.argv.slice(2));

import { readFileSync } from 'node:fs';
import { Command as Program, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { errorText } from './platform/error-text.ts';
import { RingsideError } from './platform/errors.ts';

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

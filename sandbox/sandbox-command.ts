import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Command } from '../src/platform/command.ts';
import { collectFault, wholeNumber } from './command-options.ts';
import { faultCatalogue } from './faults/catalogue.ts';
import { defaultPassword, integrationUser, startSandbox } from './server.ts';

interface Options {
  port: number;
  host: string;
  contacts: number;
  seed: number;
  fault: string[];
  passwordFile?: string;
}

/** `ringside sandbox`: only the stand-in ServiceNow instance. Runs until it is interrupted. */
export const command: Command<Options> = {
  name: 'sandbox',
  description: 'Start a stand-in ServiceNow instance with a made-up company.',
  configure: (c) =>
    c
      .option('--port <n>', 'port to listen on, 0 for a free one', wholeNumber(0, 65_535), 8089)
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option(
        '--contacts <n>',
        'how many contacts the company has',
        wholeNumber(1, 1_000_000),
        5000,
      )
      .option('--seed <n>', 'another seed makes another company', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--fault <name[:arg]>', 'switch a fault on (repeatable)', collectFault, [])
      .option(
        '--password-file <file>',
        'password of the users; else SANDBOX_PASSWORD, else a documented one',
      )
      .addHelpText(
        'after',
        `\nFaults:\n${faultCatalogue.map(({ name, argument, summary }) => `  ${argument === null ? name : `${name}:${argument}`}\n      ${summary}`).join('\n')}`,
      ),
  async run({ port, host, contacts, seed, fault, passwordFile }) {
    const given =
      passwordFile === undefined
        ? process.env['SANDBOX_PASSWORD']
        : (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '');
    const options = { port, host, contacts, seed, faults: fault };
    const sandbox = await startSandbox(given ? { ...options, password: given } : options).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
        process.stderr.write(
          `Port ${port} cannot be taken (${error.code}). Name another one with --port.\n`,
        );
        return null;
      },
    );
    if (!sandbox) return 1;
    // Whoever reads that it is there may stop it at once.
    const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    process.stdout.write(
      `Stand-in ServiceNow instance: ${sandbox.url}/\n` +
        `User ${integrationUser}, password ${given ? 'as given' : defaultPassword}; ${contacts.toLocaleString('en')} contacts, seed ${seed}.\n` +
        (fault.length > 0 ? `Faults: ${fault.join(', ')}\n` : '') +
        'Ctrl-C stops it.\n',
    );
    await stopped;
    await sandbox.close();
    return 0;
  },
};

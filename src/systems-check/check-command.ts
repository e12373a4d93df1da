import { Option } from 'commander';
import { crmPlatform } from '../crm/registry.ts';
import type { Command } from '../platform/command.ts';
import { checkPassword } from '../platform/config.ts';
import { RingsideError } from '../platform/errors.ts';
import { addStep, describeEnd, describeStep, emptyReport } from './check-report.ts';
import type { CheckReport } from './check-report.ts';
import { readPassword } from './read-password.ts';

export interface CheckOptions {
  endpoint: string;
  detailsLink: string;
  username: string;
  passwordFile?: string;
  json?: boolean;
  password?: unknown;
}

/** `ringside check`: the Systems Check against an instance, without a database. */
export const command: Command<CheckOptions> = {
  name: 'check',
  description: 'Check a ServiceNow instance step by step, without a database',
  configure: (check) =>
    check
      .requiredOption('--endpoint <url>', "base URL that Ringside calls ('Endpoint')")
      .requiredOption(
        '--details-link <url>',
        "base URL that agents open records with ('CRM Details Link')",
      )
      .requiredOption('--username <name>', "'User ID' of the ServiceNow user ('CRM Username')")
      .option('--password-file <file>', 'file whose first line is the password')
      .option('--json', 'print one JSON object and nothing else on standard output')
      // Only there to say no without repeating what was typed.
      .addOption(new Option('--password [text]').hideHelp())
      .addHelpText(
        'after',
        '\nThe password comes from RINGSIDE_PASSWORD, --password-file or a prompt, never from an argument.\nExit code: 0 all well (warnings allowed), 1 a step failed, 2 wrong usage.',
      ),
  async run(options) {
    let password: string;
    try {
      refuseUsage(options);
      password = await readPassword({
        file: options.passwordFile,
        environment: checkPassword(),
        input: process.stdin,
        prompts: process.stderr,
      });
    } catch (error) {
      if (!(error instanceof RingsideError)) throw error;
      process.stderr.write(`${[error.message, error.fix].filter(Boolean).join(' ')}\n`);
      return 2;
    }
    const report = await check(options, password);
    process.stdout.write(
      options.json ? `${JSON.stringify(report)}\n` : `\n${describeEnd(report)}\n`,
    );
    return report.ok ? 0 : 1;
  },
};

function refuseUsage(options: CheckOptions): void {
  if (options.password !== undefined) {
    throw new RingsideError(
      'invalid-input',
      'A password in an argument can be read by everybody on this machine.',
      {
        fix: 'Set RINGSIDE_PASSWORD, or name a file with --password-file; and change that password.',
      },
    );
  }
  if (
    options.username.trim() === '' ||
    options.username.includes(':') ||
    /\p{Cc}/u.test(options.username)
  ) {
    throw new RingsideError(
      'invalid-input',
      '--username is empty or holds a colon or control characters.',
    );
  }
}

const clearLine = '\r\u001b[K';

async function check(options: CheckOptions, password: string): Promise<CheckReport> {
  const platform = crmPlatform('servicenow');
  if (platform === null) throw new RingsideError('internal', 'The platform servicenow is missing.');
  const { endpoint, detailsLink } = options;
  const connection = platform.connect(
    { endpoint, detailsLink, username: options.username.trim() },
    { password },
  );
  const live = !options.json && process.stdout.isTTY;
  let report = emptyReport;
  try {
    for await (const progress of connection.check()) {
      if (progress.type === 'started') {
        if (live) process.stdout.write(`… ${progress.title}`);
        continue;
      }
      report = addStep(report, progress);
      if (live) process.stdout.write(clearLine);
      if (!options.json) process.stdout.write(`${describeStep(progress.step, process.stdout)}\n`);
    }
    return report;
  } finally {
    await connection.close();
  }
}

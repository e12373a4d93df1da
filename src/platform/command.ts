import type { Command as CommanderCommand } from 'commander';

/**
 * One command of `ringside`. A `*-command.ts` exports `const command: Command<…>`; cli.ts loads it only when it is asked for, so
 * that `ringside --help` needs neither a database nor a second.
 */
export interface Command<Options extends object = Record<string, unknown>> {
  /** `serve` */
  name: string;
  /** One sentence for the list of commands. */
  description: string;
  /** Declares arguments and options; checks them, so that a wrong one ends with exit code 2. */
  configure(command: CommanderCommand): CommanderCommand;
  /** `args` are the positional arguments. Resolves to the exit code: 0 well, 1 failed. Errors may be thrown. */
  run(options: Options, args: string[]): Promise<number>;
}

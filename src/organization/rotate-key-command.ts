import type { Command } from '../platform/command.ts';
import { loadConfig } from '../platform/config.ts';
import { borrowDatabase } from '../platform/database/borrow-database.ts';
import { previousKeyFile } from '../platform/secret-box.ts';
import { rotateKey } from './rotate-key.ts';

/** `ringside rotate-key`: a new key for everything that is stored encrypted. */
export const command: Command = {
  name: 'rotate-key',
  description: 'Seal all stored secrets with a new key, while no hub runs',
  configure: (program) =>
    program.addHelpText(
      'after',
      `
Stop every hub of this database first. May be stopped at any moment and called again.
Afterwards people sign in again, and the new key file belongs on every machine with a hub.
Exit code: 0 done, 1 failed, 2 wrong usage.`,
    ),
  async run() {
    const { keyFile, ...config } = loadConfig();
    const { db, close } = await borrowDatabase(config);
    try {
      const count = await rotateKey({ db, keyFile });
      process.stdout.write(
        `Sealed ${count} secrets with a new key: ${keyFile}
The old one lies in ${previousKeyFile(keyFile)}: keep it with the backups that were made until now, then delete it here.
`,
      );
      return 0;
    } finally {
      await close();
    }
  },
};

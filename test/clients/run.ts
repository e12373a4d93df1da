import { startSandbox } from '../../sandbox/server.ts';
import { publicClients } from './clients.ts';

/*
 * `npm run test:clients`: independent public clients against the sandbox as against a real instance. They are installed
 * into a cache of their own; one that cannot be had is skipped, with the reason. Exit code 1 when one that could be had fails.
 */

const sandbox = await startSandbox({ port: 0, contacts: 400, seed: 4 });
let failed = false;
for (const client of publicClients) {
  const say = (verdict: string, text: string): void =>
    void process.stdout.write(`${verdict}  ${client.name}: ${text}\n`);
  try {
    const installed = await client.get();
    try {
      say('works  ', await client.use(installed, sandbox));
    } catch (error) {
      failed = true;
      say('FAILS  ', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say('SKIPPED', `it cannot be had here. ${reason.slice(0, 500)}`);
  }
}
await sandbox.close();
process.exitCode = failed ? 1 : 0;

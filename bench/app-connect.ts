import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * RingCentral's App Connect server, whose `GET /contact` does what our look-up does. It is installed into a cache folder of the
 * user, is no dependency, and runs in a process of its own on a database of its own. Its connector is a stub that finds
 * a contact at once, so that what is measured is the server.
 */
const folder = join(homedir(), '.cache', 'ringside', 'bench-app-connect');
const wanted = ['@app-connect/core@1.7.41', 'node-fetch@2'];

export interface AppConnect {
  /** The address that finds a number, without the number. */
  url: string;
  stop(): void;
}

/** Throws when it cannot be had or does not start. */
export async function startAppConnect(databaseUrl: string): Promise<AppConnect> {
  await mkdir(folder, { recursive: true });
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  await promisify(execFile)('npm', ['install', '--prefix', folder, ...options, ...wanted], {
    timeout: 180_000,
  });
  const child = fork(import.meta.filename, ['serve'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      DATABASE_SSL: 'false',
      APP_SERVER_SECRET_KEY: 'bench-bench-bench-bench-bench-bench',
      DISABLE_SYNC_DB_TABLE: '',
    },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [url] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('App Connect did not start.');
    }),
  ])) as [string];
  clearTimeout(timer);
  return { url, stop: () => child.kill('SIGKILL') };
}

interface Core {
  createCoreApp(): { listen(port: number, then: () => void): { address(): { port: number } } };
  connectorRegistry: { registerConnector(name: string, connector: object): void };
}
interface Models {
  UserModel: { sync(): Promise<void>; upsert(user: object): Promise<void> };
  AccountDataModel: { sync(): Promise<void> };
}
interface Tokens {
  generateJwt(data: object): string;
}

async function serve(): Promise<void> {
  const load = createRequire(join(folder, 'package.json'));
  const core = load('@app-connect/core') as Core;
  core.connectorRegistry.registerConnector('bench', {
    getAuthType: async () => 'apiKey',
    getBasicAuth: () => 'bench',
    getUserInfo: async () => ({}),
    createCallLog: async () => ({}),
    updateCallLog: async () => ({}),
    unAuthorize: async () => ({}),
    createContact: async () => ({}),
    findContact: async ({ phoneNumber }: { phoneNumber: string }) => ({
      successful: true,
      matchedContactInfo: [{ id: '1', name: 'Ada Berg', type: 'Contact', phone: phoneNumber }],
    }),
  });
  const { UserModel } = load('@app-connect/core/models/userModel') as Models;
  const { AccountDataModel } = load('@app-connect/core/models/accountDataModel') as Models;
  await UserModel.sync();
  await AccountDataModel.sync();
  const user = { id: 'bench-1', platform: 'bench', accessToken: 'bench', rcAccountId: 'bench' };
  await UserModel.upsert(user);
  const { generateJwt } = load('@app-connect/core/lib/jwt') as Tokens;
  const jwtToken = generateJwt({ id: user.id, platform: user.platform });
  const server = core.createCoreApp().listen(0, () => {
    const { port } = server.address();
    process.send?.(`http://127.0.0.1:${port}/contact?jwtToken=${jwtToken}&phoneNumber=`);
  });
}

if (process.argv[2] === 'serve') await serve();

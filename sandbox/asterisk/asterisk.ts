import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { glob, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { selfSigned } from '../../src/platform/self-signed.testing.ts';

/** A real Asterisk 22 with three phones, a trunk, two queues and a parking lot; see etc/. */
export interface TestAsterisk {
  /** Where SIP, AMI (5038) and AMI over TLS (5039) listen. */
  ip: string;
  /** Where its carrier must be. */
  carrierIp: string;
  /** An address for a phone. */
  phoneIp(number: number): string;
  /** As `kill -9`: nothing is said to anybody. */
  kill(): Promise<void>;
  /** After `kill`: the same configuration, as if it had been switched on again. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const manager = { username: 'ringside', secret: 'ring-the-right-phone' };
/** What to fill in where an Asterisk is asked for. */
export function asteriskSettings({ ip }: Pick<TestAsterisk, 'ip'>): Record<string, string> {
  return { host: ip, port: '5038', tls: 'no', ...manager, trunks: 'carrier', context: 'internal' };
}

const untilInputEnds = '"$@" < /dev/null & pid=$!; cat > /dev/null; kill -9 $pid; wait $pid';

/** Where the packages are unpacked, once per user. */
const cache = join(homedir(), '.cache', 'ringside', 'asterisk-22');

/** Null when it is ready to start; else the reason why this machine can have none. */
export async function prepareAsterisk(): Promise<string | null> {
  if (process.platform !== 'linux') return 'an Asterisk is run on Linux only';
  const script = join(import.meta.dirname, 'setup.sh');
  const child = spawn('sh', [script, cache], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return null;
  const reason = said.trim().split('\n').at(-1) ?? '';
  if (code === 69) return reason;
  throw new Error(`Asterisk could not be set up: ${reason}`);
}

/** Starts one on addresses of its own, so that several can run side by side. Ask `prepareAsterisk` before. */
export async function startAsterisk(): Promise<TestAsterisk> {
  const folder = await mkdtemp(join(tmpdir(), 'ringside-asterisk-'));
  const network = `127.${randomInt(2, 250)}.${randomInt(2, 250)}`;
  const ip = `${network}.1`;
  const carrierIp = `${network}.10`;
  const tree = join(cache, 'tree');
  const [library = ''] = await found(`${tree}/usr/lib/*-linux-gnu/asterisk`);
  const libraries = join(library, '..');
  const [loader = ''] = await found(`${libraries}/ld-linux-*.so.*`);
  for (const name of ['etc', 'run', 'log', 'lib/keys', 'cache', 'spool/tmp', 'moh'])
    await mkdir(join(folder, name), { recursive: true });
  const rtp = randomInt(150, 290) * 200;
  await configure(folder, {
    VAR: folder,
    TREE: tree,
    MODULES: join(library, 'modules'),
    IP: ip,
    CARRIER: carrierIp,
    RTP: String(rtp),
    RTPEND: String(rtp + 199),
  });
  const command = [
    '--library-path',
    `${libraries}:${library}`,
    join(tree, 'usr/sbin/asterisk'),
    '-C',
    join(folder, 'etc/asterisk.conf'),
  ];
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    // Ends with us, however we end: then its input closes.
    const started = spawn('sh', ['-c', untilInputEnds, 'sh', loader, ...command, '-f'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child = started;
    await greeted(ip, started);
    // The manager interface greets before the phones can register.
    const booted = spawn(loader, [...command, '-rx', 'core waitfullybooted'], { stdio: 'ignore' });
    await once(booted, 'close');
  }
  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.stdin?.end();
    await closed;
  }

  await start();
  return {
    ip,
    carrierIp,
    phoneIp: (number) => `${network}.${number}`,
    start,
    kill,
    async close() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function configure(folder: string, values: Record<string, string>): Promise<void> {
  const templates = join(import.meta.dirname, 'etc');
  for (const name of await readdir(templates)) {
    const template = await readFile(join(templates, name), 'utf8');
    const text = template.replace(/@([A-Z]+)@/g, (_, key: string) => values[key] ?? '');
    await writeFile(join(folder, 'etc', basename(name)), text);
  }
  const { key, cert } = selfSigned();
  await writeFile(join(folder, 'etc/manager.pem'), `${key}${cert}`);
}

async function greeted(host: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error('Asterisk stopped while it started.');
    if (await greets(host)) return;
    await sleep(50);
  }
  throw new Error('Asterisk does not greet.');
}

/** Whether the manager interface says its banner. */
function greets(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(5038, host);
    const tell = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => tell(true)).once('error', () => tell(false));
  });
}

async function found(pattern: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of glob(pattern)) names.push(name);
  return names;
}

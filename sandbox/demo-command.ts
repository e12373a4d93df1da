import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { ensureWebApp } from '../src/http/build-web.ts';
import { startHub, type Hub } from '../src/main.ts';
import type { Command } from '../src/platform/command.ts';
import { loadConfig, type Config } from '../src/platform/config.ts';
import { RingsideError } from '../src/platform/errors.ts';
import { createLog } from '../src/platform/log.ts';
import { asteriskSettings, prepareAsterisk, startAsterisk } from './asterisk/asterisk.ts';
import type { TestAsterisk } from './asterisk/asterisk.ts';
import { startAsteriskSimulator } from './asterisk/asterisk-simulator.ts';
import { wholeNumber } from './command-options.ts';
import { readDemoState, writeDemoState } from './demo/demo-state.ts';
import { demoAdministrator, demoAgents, setUpDemo } from './demo/set-up-demo.ts';
import { startPhoneSimulator } from './phone/phone-simulator.ts';
import { startSandbox, type Sandbox } from './server.ts';

interface Options {
  port?: number;
  contacts: number;
  seed: number;
  data: string;
  asterisk?: boolean;
}

/** `ringside demo`: hub, sandbox instance and a phone that rings, already connected. Runs until it is interrupted. */
export const command: Command<Options> = {
  name: 'demo',
  description:
    'Start the hub with a stand-in ServiceNow, a made-up company and a phone that rings.',
  configure: (c) =>
    c
      .option('--port <n>', 'port of the hub, 0 for a free one', wholeNumber(0, 65_535))
      .option(
        '--contacts <n>',
        'how many contacts the made-up company has',
        wholeNumber(1, 1_000_000),
        5000,
      )
      .option('--seed <n>', 'another seed makes another company', wholeNumber(0, 2 ** 31 - 1), 1)
      .option(
        '--data <folder>',
        'where the demo keeps its data; starting again on it goes on with it',
        'data/demo',
      )
      .option(
        '--asterisk',
        'calls come from a real Asterisk 22 (Linux, unpacked from Debian packages)',
      ),
  async run(options) {
    const stop = stopSignal();
    const closers: (() => Promise<unknown>)[] = [];
    try {
      await startDemo(options, closers, stop);
      if (!stop.aborted) await once(stop, 'abort');
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      if (closers.length > 0) say('Stopping…');
      for (const close of closers.toReversed()) await close();
    }
    return 0;
  },
};

/** Ctrl-C, once; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function startDemo(
  { port, contacts, seed, data, asterisk: wanted }: Options,
  closers: (() => Promise<unknown>)[],
  stop: AbortSignal,
): Promise<void> {
  const folder = resolve(data);
  const state = await readDemoState(folder);
  const config = demoConfig(folder, port);
  const log = createLog(config.logLevel);

  const webFolder = await ensureWebApp({ root: join(import.meta.dirname, '..'), log });
  stop.throwIfAborted();
  const sandbox = await startOn(state.sandboxPort, { contacts, seed });
  closers.push(() => sandbox.close());
  const asterisk = wanted ? await openAsterisk() : null;
  if (asterisk) closers.push(() => asterisk.close());
  const hub = await startHubOn(config, port, (each) => startHub(each, { log, webFolder }));
  closers.push(() => hub.close());
  const hubUrl = config.publicUrl ?? hub.url;
  say(`Ringside ${hubUrl}, stand-in ServiceNow ${sandbox.url}`);
  const { password } = state;
  await writeDemoState(folder, { password, sandboxPort: Number(new URL(sandbox.url).port) });
  const { hookUrl, extensions } = await setUpDemo({
    hubUrl: hub.url,
    sandboxUrl: sandbox.url,
    password,
    stop,
    asterisk: asterisk && asteriskSettings(asterisk),
    say,
  });

  const [extension = '', colleague = ''] = extensions;
  say(welcome(hubUrl, sandbox, password));
  const onEvent = (text: string) => say(`${new Date().toTimeString().slice(0, 8)}  ${text}`);
  if (asterisk) {
    const callers = await startAsteriskSimulator({
      asterisk,
      lookups: sandbox.lookups,
      seed,
      onEvent,
    });
    closers.push(() => callers.stop());
    return;
  }
  const simulator = startPhoneSimulator({
    hookUrl,
    lookups: sandbox.lookups,
    extension,
    colleague,
    seed,
    onEvent,
  });
  closers.push(() => simulator.stop());
}

async function openAsterisk(): Promise<TestAsterisk> {
  say('Asterisk…');
  const missing = await prepareAsterisk();
  if (missing === null) return startAsterisk();
  throw new RingsideError('unavailable', `No Asterisk can be had: ${missing}.`, {
    fix: 'Leave --asterisk out: then the calls come from the phone simulator.',
  });
}

/** The demo has a database of its own and listens to this machine alone, unless RINGSIDE_HOST says otherwise. */
function demoConfig(folder: string, port: number | undefined): Config {
  const {
    DATABASE_URL: _,
    DATABASE_URL_FILE: __,
    RINGSIDE_ADMIN_EMAIL: ___,
    RINGSIDE_ADMIN_PASSWORD: ____,
    ...env
  } = process.env;
  return loadConfig({
    RINGSIDE_LOG_LEVEL: 'warn',
    // The stand-in ServiceNow runs on this machine.
    RINGSIDE_ALLOW_PRIVATE: '127.0.0.1',
    ...env,
    RINGSIDE_DATA_DIR: folder,
    ...(port === undefined ? {} : { RINGSIDE_PORT: String(port) }),
  });
}

/** A free port when the usual one is taken; the port that was asked for, or none. */
async function startHubOn(
  config: Config,
  wanted: number | undefined,
  start: (config: Config) => Promise<Hub>,
): Promise<Hub> {
  try {
    return await start(config);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (wanted === undefined) return start({ ...config, port: 0 });
    throw new RingsideError('conflict', `Port ${wanted} is taken.`, {
      fix: 'Name another one with --port, or leave the option out.',
      cause: error,
    });
  }
}

/** Takes the port of last time, so that the connection's URL stays true; another one when somebody else has it now. */
async function startOn(
  port: number,
  options: { contacts: number; seed: number },
): Promise<Sandbox> {
  try {
    return await startSandbox({ port, ...options });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startSandbox({ port: 0, ...options });
  }
}

function welcome(hubUrl: string, { url }: Sandbox, password: string): string {
  const [agent, colleague] = demoAgents;
  return `
  Open        ${hubUrl}
  Sign in     as the agent          ${agent.email}
              or administrator      ${demoAdministrator.email}
              password for both     ${password}

  Look at     the Desk as the agent: a call rings every half a minute; known, shared, company, unknown and anonymous callers
              Administration > Manage Organization as the administrator: connection, Systems Check, CRM user mappings
              ${colleague.email} in another browser: calls that the other answers go away
              ${url} stands in for ServiceNow: 'Open in ServiceNow' shows its records

  Ctrl-C stops everything; starting again goes on with the same data.
`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

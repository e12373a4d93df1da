#!/usr/bin/env node
// oxlint-disable node/no-process-env -- what the process starts with is set here, before there is any configuration
// Starts src/cli.ts with a Node that runs TypeScript as it stands. Plain JavaScript of Node 14, so that an old Node gets
// this far: it hands over to the Node 24 that npm installed beside us.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import module from 'module';
import { constants } from 'os';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const launcher = fileURLToPath(import.meta.url);
const root = dirname(dirname(launcher));
const [major, minor] = process.versions.node.split('.').map(Number);
// glibc takes larger and larger blocks from the part of the memory that it cannot give back, once some were freed. With a fixed limit a
// pull and the index after it leave 22 MB there instead of 62 MB. It reads this before anything of ours runs.
const memory = { MALLOC_MMAP_THRESHOLD_: '131072' };

if (major > 22 || (major === 22 && minor >= 18)) {
  start().catch(fail);
} else {
  const node = nodeOfNpm();
  if (node === null) {
    fail(
      new Error(
        `Node ${process.versions.node} is too old. Install Node 24, or run \`npm ci\` (with optional packages), which brings one along.`,
      ),
    );
  } else {
    handOver(node);
  }
}

/** From the bundle of the very same code where there is one: it is loaded in less than half of the time. */
async function start() {
  renew();
  const { bundleFolder } = await import('./bundle-folder.mjs');
  const bundle = bundleFolder(root);
  const bundled = existsSync(bundle);
  // Keeps what V8 made of our files: loading them takes half the time (0.5 instead of 0.9 s of a core). Not fatal where the
  // folder cannot be written. What belongs to a bundle goes with it.
  const cache = join(root, 'node_modules', '.cache', 'ringside');
  module.enableCompileCache(bundled ? join(bundle, 'compiled') : cache);
  const part = (name) => import(pathToFileURL(join(bundle, name)).href);
  const newSpace = bundled ? part('new-space.mjs') : import('../src/platform/new-space.ts');
  const { keepNewSpaceSmall } = await newSpace;
  keepNewSpaceSmall();
  await (bundled ? part('cli.mjs') : import('../src/cli.ts'));
}

/** Begins anew in place, as the same process, where a hub is to run for long and was not started with the settings of its memory. */
function renew() {
  const lasts = process.argv[2] === 'serve' || process.argv[2] === 'demo';
  const chosen = Object.keys(memory).some((name) => process.env[name] !== undefined);
  if (!lasts || chosen || process.platform !== 'linux' || process.connected) return;
  if (typeof process.execve !== 'function') return;
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  try {
    process.execve(process.execPath, args, { ...process.env, ...memory });
  } catch {
    // It runs as well without.
  }
}

function nodeOfNpm() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const manifest = module
      .createRequire(launcher)
      .resolve(`node-${platform}-${process.arch}/package.json`);
    const file = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

function handOver(node) {
  // Over the ipc channel the child learns when this process is killed, and stops as well.
  const child = spawn(node, [launcher, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...memory, ...process.env },
  });
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
  for (const signal of forwarded) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child too; twice would mean 'at once'.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', fail);
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

function fail(error) {
  const missing = error.code === 'ERR_MODULE_NOT_FOUND' && /package/.test(error.message);
  console.error(missing ? `${error.message}\nRun \`npm ci\` first.` : error.message);
  process.exitCode = 1;
}

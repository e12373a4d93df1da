import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The AMI packages of npm that Ringside is measured beside. None of them is a dependency. */
export const amiPackages = {
  'asterisk-manager': '0.2.0',
  'asterisk-ami-client': '1.1.5',
  yana: '0.3.0',
  'ami-io': '1.2.1',
} as const;
export type AmiPackage = keyof typeof amiPackages;

const folder = join(homedir(), '.cache', 'ringside', 'bench-ami-packages');
const installMs = 60_000;

/** Installs the packages into a cache folder of the user, once. Answers where they are; throws when they cannot be had. */
export async function installAmiPackages(): Promise<string> {
  const modules = join(folder, 'node_modules');
  const wanted = Object.entries(amiPackages);
  const there = await Promise.all(wanted.map(([name]) => versionOf(join(modules, name))));
  if (wanted.every(([, version], index) => there[index] === version)) return modules;
  await mkdir(folder, { recursive: true });
  const names = wanted.map(([name, version]) => `${name}@${version}`);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
  await promisify(execFile)('npm', ['install', '--prefix', folder, ...options, ...names], {
    timeout: installMs,
    shell: process.platform === 'win32',
  });
  return modules;
}

async function versionOf(module: string): Promise<string | null> {
  const text = await readFile(join(module, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version ?? null;
}

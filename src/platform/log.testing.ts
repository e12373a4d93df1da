import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { createLog } from './log.ts';
import type { Log, LogLevel } from './log.ts';

/**
 * Logs of a test run, and what must not stand in them. Everything goes into one folder, which test/setup/logs.ts searches when
 * all tests are over: a secret or telephone number in any log fails the run.
 */
declare module 'vitest' {
  interface ProvidedContext {
    /** That folder. */
    logs: string;
  }
}

/** The log of whatever a test starts that has one. `also` hears each line too. */
export function gatheredLog(level: LogLevel = 'debug', also?: (line: string) => unknown): Log {
  return createLog(level, {
    write(line) {
      gatherLog(line);
      also?.(line);
    },
  });
}

/** One for all that keep none of their own. */
export const testLog: Log = gatheredLog();

/** Adds what a child process or a server wrote. */
export function gatherLog(text: string): void {
  if (text !== '') writeSync(fileFor('log'), text.endsWith('\n') ? text : `${text}\n`);
}

/** Where a child process shall write its log: for `stdio`. Close it once the child is spawned. */
export function openGathered(): { fd: number; close(): void } {
  const fd = openSync(pathFor('log'), 'a');
  return { fd, close: () => closeSync(fd) };
}

const noted = new Set<string>();

/** `name` is told when it is found in a log; the secret itself is not. */
export function noteSecret(name: string, secret: string): void {
  note({ kind: 'secret', name, value: secret });
}

/** In any notation; extensions and other short ones are not searched for. */
export function notePhoneNumber(number: string): void {
  note({ kind: 'number', name: 'telephone number', value: number });
}

function note(one: { kind: 'secret' | 'number'; name: string; value: string }): void {
  if (noted.has(one.value)) return;
  noted.add(one.value);
  writeSync(fileFor('noted'), `${JSON.stringify(one)}\n`);
}

const open = new Map<string, number>();

function fileFor(kind: 'log' | 'noted'): number {
  const path = pathFor(kind);
  const known = open.get(path);
  if (known !== undefined) return known;
  const fd = openSync(path, 'a', 0o600);
  open.set(path, fd);
  return fd;
}

/** A log is called after the test file, so that a find names it. */
function pathFor(kind: 'log' | 'noted'): string {
  const file = expect
    .getState()
    .testPath?.split(/[\\/](?=(?:src|sandbox|test|web)[\\/])/)
    .at(-1);
  const name = kind === 'log' ? (file ?? 'tests').replaceAll(/[\\/]/g, '+') : `${process.pid}`;
  return join(inject('logs'), `${name}.${kind}`);
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What no log may hold, as a test noted it. */
export interface Noted {
  kind: 'secret' | 'number';
  /** What it is, for people. */
  name: string;
  value: string;
}

export interface Leak {
  /** Name of the log. */
  file: string;
  line: number;
  name: string;
  /** The line without what was found. */
  text: string;
}

export interface Search {
  leaks: Leak[];
  files: number;
  bytes: number;
  secrets: number;
  numbers: number;
}

/** Shorter ones are words of their own: 'wrong', 'key'. */
const shortestSecret = 8;
const shortestNumber = 7;

/**
 * Looks through every `.log` of a folder for what the `.noted` files hold: secrets as they are, in JSON, in URLs and in base64; numbers in
 * any notation.
 */
export function findLeaks(folder: string): Search {
  const names = readdirSync(folder);
  const noted = names
    .filter((name) => name.endsWith('.noted'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Noted);
  const secrets = spellings(noted);
  const numbers = numberKeys(noted);
  const found: Search = { leaks: [], files: 0, bytes: 0, ...counted(noted) };
  for (const file of names.filter((name) => name.endsWith('.log'))) {
    const content = readFileSync(join(folder, file));
    found.files += 1;
    found.bytes += content.length;
    const text = content.toString();
    found.leaks.push(...leaksOf(file, text, secrets, numbers));
  }
  return found;
}

function counted(noted: readonly Noted[]): { secrets: number; numbers: number } {
  const count = (kind: Noted['kind']) =>
    new Set(noted.filter((one) => one.kind === kind).map(({ value }) => value)).size;
  return { secrets: count('secret'), numbers: count('number') };
}

interface Secrets {
  /** One word each, as tokens are: found by cutting the log into words. */
  words: Map<string, string>;
  /** Others are searched one by one. */
  texts: Map<string, string>;
}

const word = /[\w+/=%.~-]{8,}/g;
const wholeWord = /^[\w-]{16,}$/;

function spellings(noted: readonly Noted[]): Secrets {
  const words = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const { kind, name, value } of noted) {
    if (kind !== 'secret' || value.length < shortestSecret) continue;
    if (wholeWord.test(value)) {
      words.set(value, name);
      continue;
    }
    const base64 = Buffer.from(value).toString('base64').replace(/.?=*$/, '');
    const all = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), base64];
    for (const text of all) texts.set(text, name);
  }
  return { words, texts };
}

/** Without what is dialled before it: +49 30 1234567, 0049301234567, 030 1234567 and 30 1234567 are one. */
function numberKeys(noted: readonly Noted[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { kind, name, value } of noted) {
    if (kind !== 'number') continue;
    const digits = digitsOf(value);
    for (let country = 0; country <= 3 && digits.length - country >= shortestNumber; country += 1)
      keys.set(digits.slice(country), `${name} of ${digits.length} digits`);
  }
  return keys;
}

function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, '').replace(/^0+/, '');
}

// Not within ids, times and decimals.
const digitRun = /(?<![\w.-])\+?(?:\d[ ()/-]{0,2}){6,}\d(?!\w|[.-]\w)/g;
const plainRun = /(?<![\w.-])(?:%2B)?\d{7,17}(?!\w|[.-]\w)/g;

function leaksOf(
  file: string,
  text: string,
  { words, texts }: Secrets,
  numbers: ReadonlyMap<string, string>,
): Leak[] {
  const leaks: Leak[] = [];
  const at = (index: number, length: number, name: string): void => {
    const start = text.lastIndexOf('\n', index) + 1;
    const end = text.indexOf('\n', index);
    const line = text.slice(0, start).split('\n').length;
    const rest = text.slice(index + length, end === -1 ? undefined : end);
    const shown = `${text.slice(start, index)}[here]${rest}`;
    leaks.push({ file, line, name, text: shown.slice(0, 600) });
  };
  if (words.size > 0) {
    for (const { 0: run, index } of text.matchAll(word)) {
      for (const part of run.split(/[^\w-]/)) {
        const name = words.get(part);
        if (name !== undefined) at(index + run.indexOf(part), part.length, name);
      }
    }
  }
  for (const [secret, name] of texts) {
    for (let index = text.indexOf(secret); index !== -1; index = text.indexOf(secret, index + 1))
      at(index, secret.length, name);
  }
  for (const pattern of [digitRun, plainRun]) {
    for (const { 0: run, index } of text.matchAll(pattern)) {
      const name = numbers.get(digitsOf(run.replace('%2B', '')));
      if (name !== undefined) at(index, run.length, name);
    }
  }
  return leaks;
}

import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import type { TestContext } from 'vitest';

/** A headless Chromium that npm installed: no apt step. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await unpackedBrowser();
  const browser = await chromium.launch({
    executablePath,
    // Chromium's own services would look up hosts that a closed network refuses.
    args: [
      '--headless=shell',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A dialog that is still moving is waited for.
      '--force-prefers-reduced-motion',
    ],
  });
  // A machine that is busy takes its time; in milliseconds.
  browser.on('context', (context) => context.setDefaultTimeout(60_000));
  return browser;
}

/**
 * `@sparticuz/chromium` unpacks it into the temporary folder: into one of its own for each user, because the file is executable for its
 * owner alone. It is moved there when it is whole, since another test may look for it meanwhile.
 */
async function unpackedBrowser(): Promise<string> {
  const folder = join(tmpdir(), `ringside-chromium-${userInfo().uid}`);
  const executablePath = join(folder, 'chromium');
  if (existsSync(executablePath)) return executablePath;
  const aside = mkdtempSync(`${folder}-`);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = aside;
  try {
    await sparticuz.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(aside, folder);
  } catch {
    // Another test was quicker.
    rmSync(aside, { recursive: true });
  }
  return executablePath;
}

/**
 * When the test fails, what every page looked like is kept in test/failures. It fails as well when a page that was open before it began
 * broke the rules that the hub gave it (Content-Security-Policy, Trusted Types).
 */
export function keepPictures(
  { task, onTestFailed, onTestFinished }: TestContext,
  browser: Browser,
): void {
  for (const context of browser.contexts()) watchPolicy(context);
  onTestFinished(() => {
    const broken = browser.contexts().flatMap((context) => brokenRules.get(context) ?? []);
    if (broken.length > 0) throw new Error(`A page broke its policy: ${broken.join('\n')}`);
  });
  onTestFailed(async () => {
    const pages = browser.contexts().flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      const name = `${task.name.replaceAll(/[^\w]+/g, '-')}-${index + 1}.png`;
      await page.screenshot({ path: join(import.meta.dirname, '../failures', name) });
    }
  });
}

const brokenRules = new WeakMap<BrowserContext, string[]>();

function watchPolicy(context: BrowserContext): void {
  if (brokenRules.has(context)) return;
  context.on('response', (response) => void noteSecrets(response));
  const broken: string[] = [];
  brokenRules.set(context, broken);
  context.on('console', (message) => {
    const text = message.text();
    // What tests evaluate in a page is said to want 'TrustedScript' and is run all the same.
    if (/Content Security Policy|Trusted(HTML|ScriptURL)/.test(text)) broken.push(text);
  });
}

/** What a page sent and was told, for the search through all logs (test/setup/logs.ts). */
async function noteSecrets(response: Response): Promise<void> {
  const { pathname } = new URL(response.url());
  const request = response.request();
  if (globalThis.noteExchange === undefined || !pathname.startsWith('/api/')) return;
  const sent = request.postData();
  if (request.method() === 'GET' && !/sign-in|two-factor|invitation/.test(pathname)) return;
  // The page may be gone before it is read.
  const told = await response.text().catch(() => null);
  const cookies = await response.headerValues('set-cookie').catch(() => []);
  const address = `${request.method()} ${pathname}`;
  globalThis.noteExchange({ address, texts: [sent, told], headers: cookies });
}

export interface AxeFault {
  id: string;
  impact: string;
  help: string;
  where: string[];
}

const axeSource = await readFile(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/**
 * The accessibility faults of the page that axe calls serious or critical. What fades in has too little contrast while it
 * does, so a fault counts only when it stays.
 */
export async function seriousFaults(page: Page): Promise<AxeFault[]> {
  // Evaluated through the debugger, so the page's own Content-Security-Policy stays as strict as it is; once for each document.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  for (let tries = 1; ; tries += 1) {
    const faults = await faultsNow(page);
    if (faults.length === 0 || tries === 5) return faults;
    await page.waitForTimeout(400);
  }
}

function faultsNow(page: Page): Promise<AxeFault[]> {
  return page.evaluate(async () => {
    interface Axe {
      _audit: { rules: { id: string; impact: string }[] };
      run(options: {
        preload: boolean;
        resultTypes: string[];
        rules: Record<string, { enabled: boolean }>;
      }): Promise<{
        violations: {
          id: string;
          impact: string;
          help: string;
          nodes: { target: string[]; failureSummary: string }[];
        }[];
      }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const isSerious = ({ impact }: { impact: string }) =>
      impact === 'serious' || impact === 'critical';
    // The others were a third of the time. No rule that is serious needs the style sheets read a second time.
    // oxlint-disable-next-line no-underscore-dangle -- nothing else tells what a rule may find.
    const light = axe._audit.rules.filter((rule) => !isSerious(rule));
    const { violations } = await axe.run({
      ...{ preload: false, resultTypes: ['violations'] },
      rules: Object.fromEntries(light.map(({ id }) => [id, { enabled: false }])),
    });
    return violations.filter(isSerious).map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
  });
}

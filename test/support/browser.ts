import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestContext } from 'vitest';

/**
 * A headless Chromium that npm installed: no apt step. `@sparticuz/chromium` unpacks it into the temporary folder;
 * one such folder per user, because the unpacked file is executable for its owner alone.
 */
export async function openBrowser(): Promise<Browser> {
  const folder = join(tmpdir(), `ringside-browser-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true });
  process.env['TMPDIR'] = folder;
  const executablePath = await sparticuz.executablePath();
  return chromium.launch({
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
    ],
  });
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
  const broken: string[] = [];
  brokenRules.set(context, broken);
  context.on('console', (message) => {
    const text = message.text();
    // What tests evaluate in a page is said to want 'TrustedScript' and is run all the same.
    if (/Content Security Policy|Trusted(HTML|ScriptURL)/.test(text)) broken.push(text);
  });
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
  // Evaluated through the debugger, so the page's own Content-Security-Policy stays as strict as it is.
  await page.evaluate(axeSource);
  for (let tries = 1; ; tries += 1) {
    const faults = await faultsNow(page);
    if (faults.length === 0 || tries === 5) return faults;
    await page.waitForTimeout(400);
  }
}

function faultsNow(page: Page): Promise<AxeFault[]> {
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{
        violations: {
          id: string;
          impact: string;
          help: string;
          nodes: { target: string[]; failureSummary: string }[];
        }[];
      }>;
    }
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations
      .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
      .map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
      }));
  });
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const images = join(import.meta.dirname, '../../docs/images');
mkdirSync(images, { recursive: true });

/** Makes docs/images/NAME.png. `part` is cut out of the page; without it the window is shown. */
export async function shoot(page: Page, name: string, part?: Locator): Promise<void> {
  // Dialogs and cards slide in.
  await page.waitForTimeout(600);
  // What was told in passing stays out of the picture.
  const style = '.mantine-Notifications-root { display: none }';
  await (part ?? page).screenshot({ path: join(images, `${name}.png`), style });
  console.log(`docs/images/${name}.png`);
}

/** A section by its heading. */
export function section(page: Page, name: string): Locator {
  return page.locator('section', { has: page.getByRole('heading', { name }) }).last();
}

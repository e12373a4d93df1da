import type { Page } from 'playwright-core';
import { shoot } from './shoot.ts';

/** What a failed check puts on top of every page. Right after one that failed. */
export async function shootBanner(admin: Page, url: string): Promise<void> {
  await admin.goto(`${url}/calls`);
  await admin.getByRole('region', { name: 'Check of the connection' }).waitFor();
  await admin.setViewportSize({ width: 1280, height: 420 });
  await shoot(admin, 'failed-check');
  await admin.setViewportSize({ width: 1280, height: 860 });
  await admin.goto(`${url}/admin/organization`);
  await admin.getByRole('heading', { name: 'Manage Organization' }).waitFor();
}

/** The check of Ringside itself and a test call to this browser. */
export async function shootHouse(admin: Page): Promise<void> {
  await admin.getByRole('button', { name: 'Check Ringside itself' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Systems Check' });
  await dialog.getByText(/^(Ringside itself (works|is in order)|Something in Ringside)/).waitFor();
  await shoot(admin, 'house-check');
  await dialog.getByRole('tab', { name: 'Test call' }).click();
  await dialog.getByRole('button', { name: /^Place a test call/ }).click();
  await dialog.getByText(/^The test call arrived after/).waitFor();
  await shoot(admin, 'test-call');
  await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

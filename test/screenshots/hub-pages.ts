import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import * as portal from '../support/portal.ts';
import { section, shoot } from './shoot.ts';

/** The figures as Prometheus gets them, and the API's own page. */
export async function shootForMachines(admin: Page, url: string): Promise<void> {
  const page = await admin.context().newPage();
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${url}/metrics`);
  await page.evaluate(() => {
    const at = document.body.innerText.indexOf('# HELP ringside_');
    document.body.innerText = document.body.innerText.slice(at);
  });
  await shoot(page, 'metrics');
  await page.goto(`${url}/api/docs`);
  await shoot(page, 'api-docs');
  await page.close();
}

/** The administrator is made an operator by the command, as whoever runs the hub does it. */
export async function shootOperator(admin: Page, url: string, dataDir: string): Promise<void> {
  const launcher = join(import.meta.dirname, '../../bin/ringside.mjs');
  await promisify(execFile)(process.execPath, [launcher, 'operator', portal.administrator.email], {
    env: { PATH: process.env['PATH'], RINGSIDE_DATA_DIR: dataDir },
  });
  await admin.goto(`${url}/admin/organizations`);
  await admin.getByRole('button', { name: 'Add organization' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Organization').fill('Northwind Pumps');
  await dialog.getByLabel('First administrator').fill('Nora Wind');
  await dialog.getByLabel('Their e-mail').fill('nora@northwind.example');
  await shoot(admin, 'add-organization');
  await dialog.getByRole('button', { name: 'Add and invite' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await admin.getByRole('row', { name: /Northwind/ }).waitFor();
  await shoot(admin, 'organizations');
}

/** A mail server that takes everything and keeps nothing. */
export async function startMailServer(): Promise<{ url: string; close(): void }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on('end', () => done());
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  return { url: `smtp://127.0.0.1:${port}`, close: () => server.close() };
}

/** With a mail server: an invitation on its way, and the page for a forgotten password. */
export async function shootMail(admin: Page, url: string): Promise<void> {
  await admin.goto(`${url}/admin/organization`);
  await admin.getByRole('button', { name: 'Add person' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Carol Supervisor');
  await dialog.getByLabel('E-mail').fill('carol.supervisor@brightwater.example');
  await shoot(admin, 'add-person');
  await dialog.getByRole('button', { name: 'Add and send invitation' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const row = admin.getByRole('row').filter({ hasText: 'carol.supervisor@' });
  await row.getByText(/mail/i).first().waitFor();
  await shoot(admin, 'mail', section(admin, 'CRM User Mappings'));
  const context = await admin.context().browser()!.newContext();
  const other = await context.newPage();
  await other.setViewportSize({ width: 1280, height: 720 });
  await other.goto(`${url}/sign-in/forgotten`);
  await other.getByLabel('E-mail').waitFor();
  await shoot(other, 'forgotten-password');
  await context.close();
}

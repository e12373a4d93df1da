import type { Page } from 'playwright-core';
import { codeOf } from '../../src/organization/authenticator.testing.ts';
import * as portal from '../support/portal.ts';
import { section, shoot } from './shoot.ts';

/** The sections of Manage Organization that need nothing but an administrator and the Enterprise plan. */
export async function shootSections(admin: Page): Promise<void> {
  await shoot(admin, 'ringside-administration', section(admin, 'Ringside Administration'));
  await shoot(admin, 'phone-systems', section(admin, 'Phone Systems'));
  await admin.getByRole('button', { name: /^Data of / }).click();
  await admin.getByRole('group', { name: /^Data of / }).waitFor();
  await shoot(admin, 'data', section(admin, 'Connected Account and CRM Settings'));
  await admin.getByRole('button', { name: /^Data of / }).click();
  await admin.getByRole('button', { name: 'Map by e-mail' }).click();
  await admin.getByRole('dialog').getByText('Will be mapped').first().waitFor();
  await shoot(admin, 'map-by-email');
  await admin.keyboard.press('Escape');
}

/** How calls are handled, who hears of them, and what is kept. */
export async function shootRules(admin: Page, known: { number: string }): Promise<void> {
  await shootPriorities(admin);
  await shootTeams(admin);
  await shoot(admin, 'plans', section(admin, 'Plans'));
  await shoot(admin, 'call-handling', section(admin, 'Call handling'));
  await shoot(admin, 'outbox', section(admin, 'Outbox'));
  await addWebhook(admin);
  await shoot(admin, 'webhooks-out', section(admin, 'Webhooks out'));
  const privacy = section(admin, 'Privacy');
  await privacy.getByLabel('Telephone number of the caller').fill(known.number);
  await privacy.getByRole('button', { name: 'Look up' }).click();
  await privacy.getByLabel(/^To erase all of it/).waitFor();
  await shoot(admin, 'privacy', privacy);
  await shoot(admin, 'audit-log', section(admin, 'Audit log'));
}

async function shootPriorities(admin: Page): Promise<void> {
  await admin.getByLabel('Seats of Engage').fill('2');
  await admin.getByLabel('Seats of Enterprise').fill('3');
  await portal.save(admin);
  const add = admin.getByRole('button', { name: 'Add rule' });
  await add.click();
  await add.click();
  await admin.getByLabel('Values of rule 1').and(admin.locator('input')).fill('Northwind Pumps');
  await admin.keyboard.press('Enter');
  await admin.getByLabel('Condition of rule 2').selectOption({ index: 2 });
  await admin.getByLabel('Values of rule 2').and(admin.locator('input')).fill('Support');
  await admin.keyboard.press('Enter');
  await admin.keyboard.press('Escape');
  const rules = admin.getByRole('group', { name: 'Rule 1' }).locator('xpath=../..');
  await shoot(admin, 'call-priority', rules);
  await admin
    .getByRole('region', { name: 'Unsaved changes' })
    .getByRole('button', { name: 'Undo' })
    .click();
}

async function shootTeams(admin: Page): Promise<void> {
  await admin.getByRole('button', { name: 'Add team' }).click();
  const team = admin.getByRole('group', { name: /^Team / });
  await team.getByLabel('Name').fill('Second level');
  await team.getByLabel(/^Members/).click();
  await admin.getByRole('option', { name: 'Alice Agent' }).click();
  await admin.keyboard.press('Escape');
  await shoot(admin, 'teams', section(admin, 'Teams'));
  await admin
    .getByRole('region', { name: 'Unsaved changes' })
    .getByRole('button', { name: 'Undo' })
    .click();
}

async function addWebhook(admin: Page): Promise<void> {
  await admin.getByRole('button', { name: 'Add webhook' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Add webhook' });
  await dialog.getByLabel('Name').fill('Data warehouse');
  await dialog.getByLabel('URL').fill('https://warehouse.example.com/ringside');
  await dialog.getByLabel('A call ends').check();
  await dialog.getByLabel('A nightly check failed').check();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Signing in: single sign-on, then two factors with an account of its own. */
export async function shootSigningIn(admin: Page, url: string): Promise<void> {
  await admin.getByRole('button', { name: 'Set up single sign-on' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Single sign-on' });
  await dialog.getByLabel('Issuer').fill('https://login.microsoftonline.com/your-tenant-id/v2.0');
  await dialog.getByLabel('Client ID').fill('4a7c1f6e-ringside');
  await dialog.getByRole('textbox', { name: 'Client secret' }).fill('a secret of the service');
  await dialog.getByLabel('E-mail domains').and(admin.locator('input')).fill('brightwater.example');
  await admin.keyboard.press('Enter');
  await shoot(admin, 'single-sign-on');
  await admin.keyboard.press('Escape');
  await shoot(admin, 'signing-in', section(admin, 'Signing in'));

  await admin.goto(`${url}/account`);
  await admin.getByRole('button', { name: 'Set up two-factor sign-in' }).click();
  await admin.getByRole('textbox', { name: 'Your password' }).fill(portal.administrator.password);
  await admin.getByRole('button', { name: 'Continue' }).click();
  await admin.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  await shoot(admin, 'two-factor-setup');
  const key = await admin.getByRole('group', { name: 'Or type this key into the app' }).innerText();
  const code = () => codeOf(`otpauth://totp/x?secret=${key}`);
  await admin.getByLabel('Six digits').fill(code());
  await admin.getByRole('button', { name: 'Turn on' }).click();
  await admin.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await admin.getByRole('button', { name: 'I have kept them' }).click();

  const context = await admin.context().browser()!.newContext();
  const other = await context.newPage();
  await other.setViewportSize({ width: 1280, height: 720 });
  await other.goto(`${url}/sign-in`);
  await shoot(other, 'sign-in');
  await other.getByLabel('E-mail').fill(portal.administrator.email);
  await other.getByRole('textbox', { name: 'Password' }).fill(portal.administrator.password);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByLabel('Code', { exact: true }).waitFor();
  await shoot(other, 'sign-in-code');
  await context.close();
  await portal.openManageOrganization(admin);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Response } from 'playwright-core';
import { checkStarted, latestCheck } from '../../src/systems-check/contract.ts';

/**
 * What an administrator and an agent do in the browser, in the words on the screen. Used by the browser tests and by the
 * script that makes the screenshots.
 */
export const administrator = {
  name: 'Grace Admin',
  email: 'grace@brightwater.example',
  password: 'a quiet lighthouse',
};
export const agentPassword = 'two rings and a bell';

export interface Credential {
  username: string;
  password: string;
  endpoint: string;
  detailsLink: string;
}

/** The first visit: makes the organization and its first administrator, and ends on Manage Organization. */
export async function setUp(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Organization').fill('Brightwater');
  await choose(page, 'Country', 'Germany');
  await page.getByLabel('Your name').fill(administrator.name);
  await page.getByLabel('E-mail').fill(administrator.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.getByRole('heading', { name: 'Manage Organization' }).waitFor();
}

export async function signIn(
  page: Page,
  url: string,
  email: string,
  password: string,
): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Administration > Manage Organization, top right. */
export async function openManageOrganization(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Administration' }).click();
  await page.getByRole('menuitem', { name: 'Manage Organization' }).click();
  await page.getByRole('heading', { name: 'Manage Organization' }).waitFor();
}

/** The green round +, the platform, Save: the pop-up 'Modify ServiceNow Connection Setting' appears. */
export async function addServiceNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add New CRM Platform' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add New CRM Platform' });
  await choose(dialog.page(), 'CRM Platform', 'ServiceNow');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' }).waitFor();
}

/** Fills in the connection's form; what is left out stays as it is. */
export async function fillCredential(page: Page, credential: Partial<Credential>): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' });
  const labels = {
    username: 'CRM Username',
    password: 'CRM Password',
    endpoint: 'Endpoint',
    detailsLink: 'CRM Details Link',
  };
  for (const [key, label] of Object.entries(labels)) {
    const value = credential[key as keyof Credential];
    if (value !== undefined) await dialog.getByRole('textbox', { name: label }).fill(value);
  }
}

/** Saves the connection's form and closes the pop-up, also when it stays open to show what was mended. */
export async function saveCredential(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Modify ServiceNow Connection Setting' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  const mended = dialog.getByText('Something was mended', { exact: false });
  await Promise.race([mended.waitFor(), dialog.waitFor({ state: 'hidden' })]);
  // The dialog's own cross is called Close as well.
  if (await mended.isVisible()) await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

export async function modifyServiceNow(page: Page, credential: Partial<Credential>): Promise<void> {
  await page.getByRole('button', { name: /^Modify / }).click();
  await fillCredential(page, credential);
  await saveCredential(page);
}

/** Presses Systems Check, waits for the end of that run and answers the pop-up's text; leaves it open. */
export async function runSystemsCheck(page: Page): Promise<string> {
  // Listened to from the beginning: on a slow machine a run may be over before the answer of its start was read here. The run before
  // this one may still stand there for a moment.
  const ended = new Set<string>();
  const note = async (response: Response) => {
    if (!isCheck(response) || response.request().method() !== 'GET') return;
    const latest = latestCheck.safeParse(await response.json().catch(() => null)).data?.run;
    if (latest && latest.status !== 'running') ended.add(latest.id);
  };
  page.on('response', note);
  const started = page.waitForResponse(
    (response) => isCheck(response) && response.request().method() === 'POST',
  );
  await page.getByRole('button', { name: 'Systems Check' }).click();
  const { run } = checkStarted.parse(await (await started).json());
  const since = Date.now();
  while (!ended.has(run.id)) {
    if (Date.now() - since > 60_000) throw new Error('the Systems Check does not end');
    await sleep(50);
  }
  page.off('response', note);
  const dialog = page.getByRole('dialog', { name: 'Systems Check' });
  await dialog.getByRole('button', { name: 'Check again' }).waitFor();
  return dialog.innerText();
}

function isCheck(response: Response): boolean {
  return new URL(response.url()).pathname.endsWith('/systems-check');
}

export async function closeSystemsCheck(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Systems Check' });
  await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Adds a person and answers the invitation link, which is shown once. */
export async function addPerson(
  page: Page,
  person: { name: string; email: string; extension: string; plan?: string },
): Promise<string> {
  await page.getByRole('button', { name: 'Add person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(person.name);
  await dialog.getByLabel('E-mail').fill(person.email);
  await dialog.getByLabel('Phone Extension').fill(person.extension);
  if (person.plan !== undefined) await dialog.getByLabel('Plan').selectOption(person.plan);
  await dialog.getByRole('button', { name: 'Add and make invitation link' }).click();
  const link = await dialog.getByRole('group', { name: 'Invitation link' }).innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'hidden' });
  return link;
}

/** Opens an invitation in a browser of its own and lands on the Desk. */
export async function acceptInvitation(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Password' }).fill(agentPassword);
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByRole('heading', { name: 'Desk', exact: true }).waitFor();
  return page;
}

/** Adds a phone system and answers its hook URL, which is shown once. */
export async function addPhoneSystem(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Add phone system' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const url = await dialog.getByRole('group', { name: 'Hook URL' }).innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'hidden' });
  return url;
}

/** Adds a 3CX that the hub connects to, and waits until it has. */
export async function addThreecx(
  page: Page,
  { name, url }: { name: string; url: string },
): Promise<void> {
  await page.getByRole('button', { name: 'Add phone system' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Kind').selectOption('3cx');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByLabel('Address').fill(url);
  await dialog.getByLabel('Client ID').fill('900');
  await dialog.getByLabel('API key').fill('key');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('row').filter({ hasText: name }).getByText('Connected').waitFor();
}

/** Adds an Asterisk that the hub connects to. */
export async function addAsterisk(page: Page, settings: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Add phone system' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Kind').selectOption('asterisk');
  await dialog.getByLabel('Name').fill(settings['name'] ?? '');
  await dialog.getByRole('button', { name: 'Next' }).click();
  const labels = {
    host: 'Host',
    port: 'Port',
    username: 'Manager user',
    secret: 'Secret',
    trunks: 'Trunk names',
    context: 'Dialling context',
  } as const;
  for (const [name, label] of Object.entries(labels))
    await dialog.getByLabel(label).fill(settings[name] ?? '');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The one Save at the top. */
export async function save(page: Page): Promise<void> {
  await page
    .getByRole('region', { name: 'Unsaved changes' })
    .getByRole('button', { name: 'Save' })
    .click();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'hidden' });
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
    .click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

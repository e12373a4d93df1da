import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPassword, integrationUser, startSandbox } from '../sandbox/server.ts';
import { ensureWebApp } from '../src/http/build-web.ts';
import { startHub } from '../src/main.ts';
import { loadConfig } from '../src/platform/config.ts';
import { silentLog } from '../src/platform/log.ts';
import { shootBanner, shootHouse } from './screenshots/checks.ts';
import {
  shootForMachines,
  shootMail,
  shootOperator,
  startMailServer,
} from './screenshots/hub-pages.ts';
import { shootRules, shootSections, shootSigningIn } from './screenshots/sections.ts';
import { section, shoot } from './screenshots/shoot.ts';
import { openBrowser } from './support/browser.ts';
import { phoneAt } from './support/phone.ts';
import * as portal from './support/portal.ts';

/** Makes the pictures of docs/images anew: `npm run screenshots`. A hub, a stand-in instance and a browser of its own. */

const root = join(import.meta.dirname, '..');
const dataDir = await mkdtemp(join(tmpdir(), 'ringside-screenshots-'));

const webFolder = await ensureWebApp({ root, log: silentLog });
const config = loadConfig({ RINGSIDE_DATA_DIR: dataDir, RINGSIDE_PORT: '0' });
const startedHub = startHub(config, { log: silentLog, webFolder });
const [sandbox, browser] = await Promise.all([
  startSandbox({ port: 0, contacts: 5_000, seed: 1 }),
  openBrowser(),
]);
let hub = await startedHub;
const mailServer = await startMailServer();

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  // Pictures are made on slow machines too.
  context.setDefaultTimeout(300_000);
  const admin = await context.newPage();
  await portal.setUp(admin, hub.url);
  await portal.addServiceNow(admin);
  await admin.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await admin.getByRole('button', { name: 'Add New CRM Platform' }).click();
  await admin.getByRole('dialog', { name: 'Add New CRM Platform' }).waitFor();
  await shoot(admin, 'add-new-crm-platform');
  await admin.keyboard.press('Escape');

  await admin.getByRole('button', { name: /^Modify / }).click();
  await portal.fillCredential(admin, {
    username: integrationUser,
    password: defaultPassword,
    endpoint: sandbox.url,
    detailsLink: `${sandbox.url}/`,
  });
  await shoot(admin, 'modify-servicenow-connection');
  await portal.saveCredential(admin);

  sandbox.faults.set(['no-access:sn_customerservice_case']);
  await portal.runSystemsCheck(admin);
  await shoot(admin, 'systems-check-failing');
  await portal.closeSystemsCheck(admin);
  await shootBanner(admin, hub.url);
  sandbox.faults.set([]);
  await portal.runSystemsCheck(admin);
  await shoot(admin, 'systems-check-passing');
  await portal.closeSystemsCheck(admin);

  const { alice: aliceUser, bob: bobUser } = sandbox.lookups.agents;
  const link = await portal.addPerson(admin, {
    name: 'Alice Agent',
    email: aliceUser.email,
    extension: '101',
    plan: 'Core',
  });
  await portal.addPerson(admin, {
    name: 'Bob Agent',
    email: bobUser.email,
    extension: '102',
    plan: 'Core',
  });
  const phone = phoneAt(await portal.addPhoneSystem(admin, 'Head office'));
  const column = admin.getByRole('button', { name: /ServiceNow .* mapped/ });
  if ((await column.getAttribute('aria-pressed')) === 'false') await column.click();
  await admin.getByRole('button', { name: /Suggested: Bob/ }).waitFor();
  await admin.getByRole('button', { name: /Suggested: Alice/ }).click();
  await admin.evaluate(() => scrollTo(0, 0));
  await shoot(admin, 'crm-user-mappings', section(admin, 'CRM User Mappings'));
  await portal.save(admin);
  await admin.setViewportSize({ width: 1280, height: 1750 });
  await admin.evaluate(() => scrollTo(0, 0));
  await shoot(admin, 'manage-organization');

  await shoot(admin, 'user-roles', section(admin, 'User Roles'));
  await admin.getByRole('button', { name: 'Add API key' }).click();
  const keyDialog = admin.getByRole('dialog', { name: 'Add API key' });
  await keyDialog.getByLabel('Name').fill('Data warehouse');
  await keyDialog.getByRole('button', { name: 'Add', exact: true }).click();
  await keyDialog.getByRole('button', { name: 'Done' }).click();
  await shoot(admin, 'api-keys', section(admin, 'API keys'));

  const alice = await portal.acceptInvitation(browser, link);
  alice.context().setDefaultTimeout(300_000);
  await alice.setViewportSize({ width: 1280, height: 800 });
  await alice.getByText('No call right now').waitFor();
  await shoot(alice, 'desk-quiet');

  const known = sandbox.lookups.uniqueContact(
    ({ openCases, customer }) => openCases > 2 && customer !== null,
  );
  await phone.ring({ callId: 'known', from: known.number, users: ['101'] });
  await alice.getByRole('article', { name: known.name }).waitFor();
  await shoot(alice, 'desk-one-match');
  await alice.emulateMedia({ colorScheme: 'dark' });
  await shoot(alice, 'desk-one-match-dark');
  await alice.emulateMedia({ colorScheme: 'light' });
  await alice.setViewportSize({ width: 360, height: 740 });
  await shoot(alice, 'desk-one-match-narrow');
  await alice.setViewportSize({ width: 1280, height: 800 });
  await phone.answer('known', '101');
  await alice.getByText('Talking', { exact: true }).waitFor();
  await alice.keyboard.press('g');
  await alice.getByRole('region', { name: 'Tagged case' }).waitFor();
  await alice.keyboard.press('n');
  await alice.keyboard.type('Stops after each restart. A technician calls back at noon.');
  await alice.getByText('Saved', { exact: true }).waitFor();
  await shoot(alice, 'desk-note');
  await phone.hangUp('known');
  await alice.getByRole('button', { name: 'Finish' }).click();
  await alice.getByText('In ServiceNow', { exact: true }).first().waitFor();
  await alice.getByRole('button', { name: 'Dismiss this call' }).click();
  await alice.getByText('No call right now').waitFor();
  await alice.setViewportSize({ width: 1280, height: 1000 });
  await phone.ring({ callId: 'again', from: known.number, users: ['101'] });
  await alice.getByRole('region', { name: 'Earlier calls' }).getByRole('listitem').waitFor();
  await alice.keyboard.press('y');
  await shoot(alice, 'desk-earlier-calls');
  await alice.setViewportSize({ width: 1280, height: 800 });
  await phone.hangUp('again', 'cancel');
  await alice.getByRole('button', { name: 'Dismiss this call' }).click();

  const shared = sandbox.lookups.sharedNumber(3);
  if (shared === null) throw new Error('No number of this company is shared.');
  await phone.ring({ callId: 'shared', from: shared.number, users: ['101'] });
  await alice.getByText('Who is it?').waitFor();
  await shoot(alice, 'desk-several-matches');
  await phone.hangUp('shared', 'cancel');
  await alice.getByRole('button', { name: 'Dismiss this call' }).click();

  await phone.ring({
    callId: 'unknown',
    from: sandbox.lookups.unknownNumber('DE'),
    users: ['101'],
  });
  await alice.getByRole('article', { name: 'Unknown caller' }).waitFor();
  await shoot(alice, 'desk-no-match');
  await phone.answer('unknown', '101');
  const typed = known.name.split(' ').at(-1) ?? '';
  await alice
    .getByRole('region', { name: 'Find the caller' })
    .getByRole('textbox')
    .or(alice.getByRole('combobox', { name: /Who is it/ }))
    .first()
    .fill(typed);
  await alice.getByRole('option').first().waitFor();
  await shoot(alice, 'desk-find-caller');
  await alice.keyboard.press('Escape');

  const second = sandbox.lookups.uniqueContact(({ openCases }) => openCases === 1);
  await phone.ring({ callId: 'second', from: second.number, users: ['101'] });
  await alice.getByRole('article', { name: second.name }).waitFor();
  await shoot(alice, 'desk-two-calls');
  await alice.getByRole('heading', { name: 'Desk', exact: true }).focus();
  await alice.keyboard.press('?');
  await alice.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await shoot(alice, 'desk-keyboard');
  await alice.keyboard.press('Escape');
  await alice.getByRole('dialog').waitFor({ state: 'hidden' });
  await alice.keyboard.press('Control+k');
  await alice.getByLabel('Command', { exact: true }).waitFor();
  await shoot(alice, 'desk-commands');
  await alice.keyboard.press('Escape');
  // A headless browser has no notifications to allow.
  await alice.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
    const alerts = { notifications: true, sound: true, volume: 0.5 };
    localStorage.setItem('ringside-alerts', JSON.stringify(alerts));
  });
  await alice.setViewportSize({ width: 1280, height: 1600 });
  await alice.goto(`${hub.url}/account`);
  await shoot(alice, 'account-alerts', section(alice, 'When a call rings'));

  await admin.getByLabel('Seats of Engage').fill('1');
  await admin.getByRole('switch', { name: 'Open a case for a missed or abandoned call' }).click();
  await portal.save(admin);
  const miss = async (callId: string, from: string, queue?: string) => {
    await phone.ring({ callId, from, users: ['101'], ...(queue && { queue }) });
    await phone.hangUp(callId, queue === undefined ? 'noAnswer' : 'cancel');
  };
  await miss('vain-1', second.number, 'Support');
  await miss('vain-2', second.number, 'Support');
  await miss('vain-3', known.number);
  await miss('vain-4', 'anonymous', 'Sales');
  await alice.setViewportSize({ width: 1280, height: 620 });
  await alice.goto(`${hub.url}/missed`);
  await alice.getByRole('row', { name: 'Withheld number' }).waitFor();
  await alice.getByRole('row', { name: known.name }).getByRole('link', { name: /^CS/ }).waitFor();
  await shoot(alice, 'missed-calls');

  const { url } = hub;
  /** One that fails spoils neither the others nor goes unnoticed. */
  const part = async (work: () => Promise<void>): Promise<void> => {
    await admin.goto(`${url}/admin/organization`);
    await admin.getByRole('heading', { name: 'Manage Organization' }).waitFor();
    await work().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  };
  await part(() => shootHouse(admin));
  await part(() => shootSections(admin));
  await part(() => shootRules(admin, known));
  await part(() => shootSigningIn(admin, url));
  await part(() => shootForMachines(admin, url));
  await part(() => shootOperator(admin, url, dataDir));
  // The same hub with a mail server, as somebody adds one later.
  await hub.close();
  hub = await startHub(
    loadConfig({
      RINGSIDE_DATA_DIR: dataDir,
      RINGSIDE_PORT: new URL(url).port,
      RINGSIDE_PUBLIC_URL: url,
      RINGSIDE_SMTP_URL: mailServer.url,
      RINGSIDE_MAIL_FROM: 'Ringside <ringside@brightwater.example>',
    }),
    { log: silentLog, webFolder },
  );
  await part(() => shootMail(admin, url));
} finally {
  await browser.close();
  await hub.close();
  await sandbox.close();
  mailServer.close();
  await rm(dataDir, { recursive: true, force: true });
}

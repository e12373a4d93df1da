import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendMailTask } from '../organization/order-mail.ts';
import { requestPassword, requestPasswordTask } from '../organization/request-password.ts';
import { mailOrders } from '../organization/order-mail.ts';
import { sendMail } from '../organization/send-mail.ts';
import type { RunningJobs } from '../platform/jobs.ts';
import { gatheredLog } from '../platform/log.testing.ts';
import { createMailer } from '../platform/mailer.ts';
import type { Mailer } from '../platform/mailer.ts';
import { testHub, testPassword } from './testing.ts';
import type { TestHub } from './testing.ts';

/** Invitations and new passwords by mail, against a real SMTP server. */

const origin = 'https://hub.example';
/** Mails that the server took, decoded. */
const inbox: { to: string; text: string }[] = [];
const logged: string[] = [];
let hub: TestHub;
let server: SMTPServer;
let mailer: Mailer;
let working: RunningJobs;
let admin: Awaited<ReturnType<TestHub['organization']>>;

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      const code = address.startsWith('gone') ? 550 : address.startsWith('later') ? 451 : null;
      if (code === null) return done();
      done(Object.assign(new Error(`${code} not today`), { responseCode: code }));
    },
    onData: (stream, { envelope }, done) => {
      let raw = '';
      stream.on('data', (chunk: Buffer) => (raw += chunk.toString('latin1')));
      stream.on('end', () => {
        inbox.push({ to: envelope.rcptTo[0]!.address, text: decoded(raw) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  hub = await testHub({
    mailOrigin: origin,
    log: gatheredLog('debug', (line) => void logged.push(line)),
  });
  admin = await hub.organization('Acme & Söhne', 'boss@acme.example');
  mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Ringside <r@hub.example>' });
  const { secretBox, clock, jobs } = hub;
  const db = hub.database.db;
  const orderMail = mailOrders({ jobs, clock, secretBox, origin });
  working = await jobs.run({
    tasks: {
      [sendMailTask]: (payload, context) =>
        sendMail({ db, clock, secretBox, mailer }, payload as never, context),
      [requestPasswordTask]: (payload) =>
        requestPassword({ db, clock, orderMail }, payload as { email: string }),
    },
  });
});
afterAll(async () => {
  await working.stop();
  mailer.close();
  await new Promise<void>((resolve) => {
    server.close(resolve);
  });
  await hub.close();
});

const decoded = (raw: string) =>
  Buffer.from(
    raw
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_match, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  ).toString('utf8');

async function mailTo(address: string): Promise<string> {
  return expect
    .poll(() => inbox.findLast(({ to }) => to === address)?.text)
    .toBeDefined()
    .then(() => inbox.findLast(({ to }) => to === address)!.text);
}

const linkIn = (text: string) => /https:\/\/hub\.example\/invite\/([\w-]{43})/.exec(text)![1]!;

async function invite(email: string) {
  const person = { name: `Person ${email}`, email, role: 'agent', plan: null };
  const answer = await admin.post('/api/v1/people', person);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().person as { id: string; mail: unknown };
}

const rowOf = async (id: string) =>
  (await admin.get('/api/v1/organization'))
    .json()
    .people.find((one: { id: string }) => one.id === id);

const stateOf = (id: string, state: string) =>
  expect.poll(async () => (await rowOf(id)).mail.state).toBe(state);

test('an invitation goes by mail, is seen as sent, opened and accepted', async () => {
  const { id, mail } = await invite('ada@acme.example');
  expect(mail).toMatchObject({ kind: 'invitation', state: 'waiting' });
  const text = await mailTo('ada@acme.example');
  expect(text).toContain('From: Ringside <r@hub.example>');
  expect(text).toContain('Content-Type: text/plain');
  expect(text).toContain('Content-Type: text/html');
  expect(text).toContain('Acme &amp; Söhne uses Ringside');
  await stateOf(id, 'sent');
  expect((await rowOf(id)).linkOpenedAt).toBeNull();
  const visitor = hub.visitor();
  const path = `/api/v1/invitations/${linkIn(text)}`;
  expect((await visitor.get(path)).json().email).toBe('ada@acme.example');
  expect((await rowOf(id)).linkOpenedAt).not.toBeNull();
  expect((await visitor.post(path, { password: testPassword })).statusCode).toBe(204);
  expect(await rowOf(id)).toMatchObject({ invited: false, linkOpenedAt: null });
  const { rows } = await hub.database.pool.query('select link from person_mail');
  expect(rows).toEqual([{ link: null }]);
});

test('a refused address is given up with the reason; the next mail makes the link before void', async () => {
  const { id } = await invite('gone@acme.example');
  await stateOf(id, 'failed');
  expect((await rowOf(id)).mail.reason).toContain('550 not today');
  await hub.database.pool.query(`update person set email = 'back@acme.example' where id = $1`, [
    id,
  ]);
  expect((await admin.post(`/api/v1/people/${id}/mail`)).statusCode).toBe(204);
  const first = linkIn(await mailTo('back@acme.example'));
  await stateOf(id, 'sent');
  inbox.length = 0;
  await admin.post(`/api/v1/people/${id}/mail`);
  const second = linkIn(await mailTo('back@acme.example'));
  expect((await hub.visitor().get(`/api/v1/invitations/${first}`)).statusCode).toBe(404);
  expect((await hub.visitor().get(`/api/v1/invitations/${second}`)).statusCode).toBe(200);
});

test('a server that says later is tried again, with the reason shown, and given up in the end', async () => {
  const { id } = await invite('later@acme.example');
  await expect.poll(async () => (await rowOf(id)).mail.reason).toContain('451');
  expect((await rowOf(id)).mail.state).toBe('waiting');
  const { rows } = await hub.database.pool.query(
    'select id, link from person_mail where person_id = $1',
    [id],
  );
  expect(rows[0].link).toMatch(/^v1:/);
  const key = { organizationId: admin.organizationId, id: rows[0].id as string };
  const { secretBox, clock } = hub;
  const deps = { db: hub.database.db, clock, secretBox, mailer };
  await expect(sendMail(deps, key, { attempt: 9, maxAttempts: 9 })).rejects.toThrow('451');
  expect((await rowOf(id)).mail).toMatchObject({ state: 'failed' });
});

test('a forgotten password: the same answer for everybody, a mail for whoever has an account', async () => {
  inbox.length = 0;
  const ask = (email: string) => hub.visitor().post('/api/auth/forgotten-password', { email });
  const answers = [await ask('nobody@acme.example'), await ask('ada@acme.example')];
  expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual([
    [204, ''],
    [204, ''],
  ]);
  const text = await mailTo('ada@acme.example');
  expect(text).toContain('Subject: Your new Ringside password');
  const path = `/api/v1/invitations/${linkIn(text)}`;
  // The old one works until the link is used.
  expect((await hub.visitor().signIn('ada@acme.example')).statusCode).toBe(204);
  const password = 'a new one, much better';
  expect((await hub.visitor().post(path, { password })).statusCode).toBe(204);
  expect((await hub.visitor().signIn('ada@acme.example')).statusCode).toBe(401);
  expect((await hub.visitor().signIn('ada@acme.example', password)).statusCode).toBe(204);
  for (let times = 0; times < 4; times += 1) await ask('ada@acme.example');
  const count = `select count::int from account_attempt where key like 'password mail:%'`;
  const counted = async () => (await hub.database.pool.query(count)).rows[0].count;
  await expect.poll(counted).toBe(5);
  await expect.poll(() => inbox.length).toBeGreaterThanOrEqual(2);
  expect(inbox.length).toBeLessThanOrEqual(3);
  expect(inbox.map(({ to }) => to)).not.toContain('nobody@acme.example');
  hub.clock.forward(3_601);
  const late = linkIn(await mailTo('ada@acme.example'));
  expect((await hub.visitor().get(`/api/v1/invitations/${late}`)).statusCode).toBe(404);
});

test('no link and no token is logged', () => {
  const tokens = inbox.map(({ text }) => linkIn(text));
  expect(tokens.length).toBeGreaterThan(0);
  expect(logged.length).toBeGreaterThan(0);
  for (const line of logged) {
    expect(line).not.toContain('hub.example/invite');
    for (const token of tokens) expect(line).not.toContain(token);
  }
});

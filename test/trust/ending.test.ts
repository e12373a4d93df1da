import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOrganizations } from './organizations.ts';

/** Whoever may not see calls any more sees none: sessions end with their live streams, over the whole hub. */

let world: Awaited<ReturnType<typeof startOrganizations>>;
beforeAll(async () => {
  world = await startOrganizations();
});
afterAll(() => world.hub.close());

/** A live stream that has begun; `ended` answers when it has ended, in milliseconds since 1970. */
async function openStream(cookie: string) {
  const answer = await fetch(`${world.hub.url}/api/v1/desk/stream`, { headers: { cookie } });
  expect(answer.status).toBe(200);
  const reader = answer.body!.getReader();
  let begun = '';
  while (!begun.includes('data:')) begun += Buffer.from((await reader.read()).value!).toString();
  const ended = (async () => {
    while (!(await reader.read()).done);
    return Date.now();
  })();
  return { ended, cancel: () => reader.cancel() };
}

const send = (cookie: string, method: string, path: string, body?: object) =>
  fetch(world.hub.url + path, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** Answers the body; refusals are faults of the test. */
async function told<T>(answer: Promise<Response>): Promise<T> {
  const { ok, status, text } = await answer.then(async (one) => ({
    ...{ ok: one.ok, status: one.status, text: await one.text() },
  }));
  if (!ok) throw new Error(`${status}: ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

/** Sessions are looked at once a minute anyway; what is to end at once ends long before. */
const longBeforeTheMinute = 20_000;

test('deactivating a person ends their session and their stream at once, and nobody else’s', async () => {
  const { administrator, agent, supervisor } = world.ours.sessions;
  const [theirs, other] = [await openStream(agent), await openStream(supervisor)];
  const view = (await (await send(administrator, 'GET', '/api/v1/organization')).json()) as {
    [key: string]: unknown;
    people: { id: string; role: string }[];
  };
  const { id } = view.people.find(({ role }) => role === 'agent')!;
  const { version, name, country, timeZone } = view;
  const body = { version, name, country, timeZone, people: [{ id, active: false }] };
  const before = Date.now();
  expect((await send(administrator, 'PUT', '/api/v1/organization', body)).status).toBe(200);
  const took = (await theirs.ended) - before;
  console.log(`the stream ended ${took} ms after the Save was sent`);
  expect(took).toBeLessThan(longBeforeTheMinute);
  expect((await send(agent, 'GET', '/api/v1/me')).status).toBe(401);
  expect((await send(agent, 'GET', '/api/v1/desk/stream')).status).toBe(401);
  const still = await Promise.race([
    other.ended,
    new Promise((resolve) => setTimeout(resolve, 300)),
  ]);
  expect(still).toBeUndefined();
  await other.cancel();
});

test('ending a session ends its stream', async () => {
  const { supervisor } = world.theirs.sessions;
  const stream = await openStream(supervisor);
  const [session] = (await (await send(supervisor, 'GET', '/api/v1/sessions')).json()) as {
    id: string;
  }[];
  const before = Date.now();
  expect((await send(supervisor, 'DELETE', `/api/v1/sessions/${session!.id}`)).status).toBe(204);
  expect((await stream.ended) - before).toBeLessThan(longBeforeTheMinute);
});

test('a new password by link and signing out end the streams of the sessions that are over', async () => {
  const { administrator, agent } = world.theirs.sessions;
  const [link, other] = [await openStream(agent), await openStream(administrator)];
  const { people } = await told<{ people: { id: string; role: string }[] }>(
    send(administrator, 'GET', '/api/v1/organization'),
  );
  const { id } = people.find(({ role }) => role === 'agent')!;
  const { invitationUrl } = await told<{ invitationUrl: string }>(
    send(administrator, 'POST', `/api/v1/people/${id}/invitation`),
  );
  const path = `/api/v1/invitations/${new URL(invitationUrl).pathname.split('/').at(-1)}`;
  let before = Date.now();
  await told(send('', 'POST', path, { password: 'a gate with two hinges' }));
  expect((await link.ended) - before).toBeLessThan(longBeforeTheMinute);
  before = Date.now();
  await told(send(administrator, 'POST', '/api/auth/sign-out', {}));
  expect((await other.ended) - before).toBeLessThan(longBeforeTheMinute);
});

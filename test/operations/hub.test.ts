import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { setConnectionState } from '../../src/organization/connection-store.ts';
import { updateMappings } from '../../src/organization/mapping-store.ts';
import { inOrganization } from '../../src/platform/database/scope.ts';
import { gatheredLog } from '../../src/platform/log.testing.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { phoneAt } from '../support/phone.ts';
import type { TestPhone } from '../support/phone.ts';

/** A whole hub as who runs it sees it: figures, log, and how it stops. */
let hub: TestHub;
let phone: TestPhone;
let organizationId: string;
let cookie = '';
let connectionId = '';
const lines: Record<string, unknown>[] = [];
const log = gatheredLog(
  'info',
  (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
);
const caller = '+4930777888999';
const token = 'a token for the figures';
// Below the ports that systems give to whoever asks for any: nobody takes it meanwhile.
const metricsAddress = { host: '127.0.0.1', port: randomInt(20_000, 30_000) };

async function api(method: string, path: string, body?: object): Promise<Record<string, never>> {
  const answer = await fetch(`${hub.url}${path}`, {
    method,
    headers: { cookie, origin: hub.url, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const setCookie = answer.headers.get('set-cookie');
  if (setCookie !== null) cookie = setCookie.split(';', 1)[0]!;
  const text = await answer.text();
  expect(answer.status, text).toBeLessThan(300);
  return text === '' ? {} : (JSON.parse(text) as Record<string, never>);
}

async function figures(): Promise<string> {
  const answer = await fetch(`${hub.url}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

/** Opens the live stream and collects what comes; `ended` resolves when the hub ends it. */
async function openStream() {
  const answer = await fetch(`${hub.url}/api/v1/desk/stream`, { headers: { cookie } });
  expect(answer.status).toBe(200);
  const heard = { text: '' };
  const ended = (async () => {
    for await (const chunk of answer.body ?? []) heard.text += Buffer.from(chunk).toString();
  })();
  await vi.waitFor(() => expect(heard.text).toContain('event: state'), 60_000);
  return { heard, ended };
}

/** Who gets pops is mapped to a CRM user; nothing listens where this CRM should be. */
async function mapToUnreachable(personId: string): Promise<void> {
  const { id } = await api('POST', '/api/v1/connections', { platform: 'servicenow' });
  const endpoint = 'http://127.0.0.1:1/';
  const settings = { username: 'ringside', password: 'hush', endpoint, detailsLink: endpoint };
  await api('PUT', `/api/v1/connections/${id}`, { settings: { ...settings, logCalls: 'off' } });
  connectionId = id!;
  await inOrganization(organizationId, async () => {
    await setConnectionState(hub.db, organizationId, connectionId, 'ok', new Date());
    await updateMappings(hub.db, organizationId, [
      { personId, connectionId, crmUserId: 'user201' },
    ]);
  });
}

beforeAll(async () => {
  const settings = {
    RINGSIDE_ADMIN_EMAIL: 'admin@acme.example',
    RINGSIDE_ADMIN_PASSWORD: 'correct horse battery',
    RINGSIDE_ORGANIZATION: 'Secretive Partners',
    RINGSIDE_METRICS_TOKEN: token,
  };
  hub = await startTestHub(settings, { web: false, log });
  await api('POST', '/api/auth/sign-in/email', {
    email: 'admin@acme.example',
    password: 'correct horse battery',
  });
  const { id, version, people, ...rest } = (await api('GET', '/api/v1/organization')) as never as {
    id: string;
    version: number;
    people: { id: string }[];
    name: string;
    country: string;
    timeZone: string;
  };
  organizationId = id;
  const { name, country, timeZone } = rest;
  await api('PUT', '/api/v1/organization', {
    ...{ version, name, country, timeZone },
    people: [{ id: people[0]!.id, extension: '201' }],
  });
  const { hookUrl } = await api('POST', '/api/v1/phone-systems', {
    name: 'Office',
    kind: 'webhook',
  });
  phone = phoneAt(hookUrl!);
  await mapToUnreachable(people[0]!.id);
});
afterAll(() => hub.close());

describe('a call', () => {
  let callId: unknown;

  test('leaves figures', async () => {
    const stream = await openStream();
    await phone.ring({ callId: 'one', from: caller, users: ['201'] });
    await vi.waitFor(() => expect(stream.heard.text).toContain('event: pop'), 60_000);
    await phone.hangUp('one');
    await vi.waitFor(async () => {
      const text = await figures();
      expect(text).toContain('ringside_calls_begun_total{direction="inbound"} 1');
      expect(text).toContain('ringside_calls_ended_total{direction="inbound",result="missed"} 1');
      expect(text).toMatch(
        /ringside_crm_requests_total\{platform="servicenow",code="refused"\} \d/,
      );
      expect(text).toMatch(
        new RegExp(`ringside_pull_failures\\{connection="${connectionId}"\\} \\d`),
      );
    }, 60_000);
    const text = await figures();
    for (const line of [
      'ringside_pops_total{how="live"} 1',
      'ringside_pop_seconds_count 1',
      'ringside_streams 1',
      'ringside_outbox_writes{state="waiting"} 0',
      'ringside_outbox_oldest_seconds 0',
      'ringside_job_queue{state="failed"} 0',
      'ringside_database_up 1',
    ])
      expect(text.split('\n')).toContain(line);
    // What docs/operations.md lists is what there is.
    const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const names = (from: string, pattern: RegExp) =>
      [...from.matchAll(pattern)].map(([, name]) => name!).toSorted();
    expect(names(text, /^# TYPE (ringside_\w+)/gm)).toEqual(names(page, /^\| `(ringside_\w+)`/gm));
    expect(text).toMatch(/^ringside_info\{version="\d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
    // Nothing of customers, people or who they are.
    for (const secret of [caller, caller.slice(3), 'Secretive', 'acme', organizationId])
      expect(text).not.toContain(secret);
  });

  test('can be followed through the log by its id, back to the request that told of it', async () => {
    const begun = lines.find(({ msg }) => msg === 'call begun');
    callId = begun?.['callId'];
    expect(callId).toBeTypeOf('string');
    const course = lines.filter((line) => line['callId'] === callId).map(({ msg }) => msg);
    // The live look at the caller may fail among it: nobody is there.
    const ofCall = ['call begun', 'phones joined the call', 'pop sent', 'call ended'];
    expect(course.filter((msg) => ofCall.includes(String(msg)))).toEqual(ofCall);
    expect(begun).toMatchObject({ organizationId, requestId: expect.any(String) });
    const pop = lines.find(({ msg }) => msg === 'pop sent');
    expect(pop).toMatchObject({ callId, live: true, ms: expect.any(Number) });
    const text = JSON.stringify(lines);
    for (const secret of [caller, caller.slice(3), 'correct horse', token])
      expect(text).not.toContain(secret);
  });

  test('an answer tells the id that the log has', async () => {
    const answer = await fetch(`${hub.url}/api/v1/nothing`, { headers: { cookie } });
    const requestId = answer.headers.get('x-request-id');
    expect(await answer.json()).toMatchObject({ requestId });
    await vi.waitFor(
      () => expect(lines.filter((line) => line['requestId'] === requestId)).toHaveLength(1),
      60_000,
    );
  });
});

test('figures want the token', async () => {
  const strangers: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: token },
  ];
  for (const headers of strangers) {
    const answer = await fetch(`${hub.url}/metrics`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('process_');
  }
});

test('an address of its own gives figures and probes, and the other none', async () => {
  const other = await startTestHub(
    {
      RINGSIDE_METRICS_LISTEN: `${metricsAddress.host}:${metricsAddress.port}`,
      RINGSIDE_DRAIN_SECONDS: '6',
    },
    { web: false },
  );
  try {
    expect((await fetch(`${other.url}/metrics`)).status).toBe(404);
    const base = `http://${metricsAddress.host}:${metricsAddress.port}`;
    const answer = await fetch(`${base}/metrics`);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('ringside_database_up 1'),
    ]);
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    expect((await fetch(`${base}/api/v1/me`)).status).toBe(404);
    // Told to stop it still serves for a while, and proxies see that it will not.
    const stopped = other.close();
    for (const address of [base, other.url]) {
      const answer = await fetch(`${address}/readyz`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        expect.objectContaining({ code: 'unavailable' }),
      ]);
    }
    expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
    await stopped;
  } finally {
    await other.close();
  }
});

describe('a stop', () => {
  test('sends browsers away with the time to come back, finishes requests, and is seen by proxies', async () => {
    const stream = await openStream();
    const streamBefore = stream.heard.text.length;
    // Under way when the stop begins: its head is there, its body is still coming.
    const half = slowRequest();
    await half.begun;
    let closed = false;
    const restarted = hub
      .restart(async () => void (closed = true))
      .catch((error: unknown) => void expect.fail(String(error)));
    await stream.ended;
    expect(stream.heard.text.slice(streamBefore)).toMatch(/retry: \d{3,4}\n\n$/);
    await sleep(200);
    expect(closed).toBe(false);
    half.finish();
    expect(await half.answer).toBe(204);
    await restarted;
    expect(closed).toBe(true);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });

  /** `begun` once the hub has its head and asks for its body; `answer` is the status. */
  function slowRequest() {
    const type = { 'content-type': 'application/json', expect: '100-continue' };
    const headers = { cookie, origin: hub.url, ...type };
    const sent = request(`${hub.url}/api/v1/desk/pops/shown`, { method: 'POST', headers });
    sent.flushHeaders();
    return {
      begun: once(sent, 'continue'),
      finish: () => sent.end('{"callIds":["01a2098b-2071-7016-a82d-e66d7eeb8ea9"]}'),
      answer: once(sent, 'response').then(([response]) => {
        (response as IncomingMessage).resume();
        return (response as IncomingMessage).statusCode;
      }),
    };
  }
});

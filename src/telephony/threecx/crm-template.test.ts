import { expect, test } from 'vitest';
import type { HookRequest } from '../port.ts';
import { crmTemplate } from './crm-template.ts';
import { threecx } from './threecx.ts';

test('the template is filled in, and an address cannot break out of it', () => {
  const file = crmTemplate({
    lookupUrl: 'https://hub.example.com/hooks/phone/T/contacts',
    reportUrl: 'https://hub.example.com/hooks/phone/T?a="><b>',
  });
  expect(file).toMatchObject({ fileName: 'ringside-3cx.xml', contentType: 'application/xml' });
  expect(file.body).toContain(
    'Url="https://hub.example.com/hooks/phone/T/contacts?number=[Number]&amp;direction=[CallDirection]" RequestType="Get"',
  );
  expect(file.body).toContain(
    'Url="https://hub.example.com/hooks/phone/T?a=&#34;&#62;&#60;b&#62;"',
  );
  expect(opensAndCloses(file.body)).toBe(true);
});

/** Every element that is opened is closed, in order. */
function opensAndCloses(xml: string): boolean {
  const open: string[] = [];
  for (const [, end, name = '', single] of xml.matchAll(/<(\/?)([A-Za-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end === '/' && open.pop() !== name) return false;
    if (end !== '/' && single !== '/') open.push(name);
  }
  return open.length === 0;
}

const receivedAt = new Date('2026-03-01T09:10:00Z');
const report = {
  CallType: 'Inbound',
  CallDirection: 'Inbound',
  Number: '+12025550143',
  Agent: '101',
  QueueExtension: '800',
  CallStartTimeUTC: '2026-03-01 09:00:00',
  CallEstablishedTimeUTC: '2026-03-01T09:00:05Z',
  CallEndTimeUTC: '2026-03-01T09:01:00Z',
  Duration: '00:00:55',
};
const read = (change: object = {}) => {
  const hook: HookRequest = {
    url: '',
    rawBody: Buffer.from(JSON.stringify({ ...report, ...change })),
    headers: { 'content-type': 'application/json' },
    secret: null,
    receivedAt,
  };
  return threecx.readHook?.(hook) ?? [];
};

test('a reported call becomes facts, the same ones when it is reported twice', () => {
  expect(read()).toEqual(read());
  expect(read()).toMatchObject([
    {
      type: 'call-started',
      direction: 'inbound',
      from: '+12025550143',
      queue: '800',
      at: new Date('2026-03-01T09:00:00Z'),
    },
    { type: 'leg-ringing', extension: '101' },
    { type: 'leg-answered', at: new Date('2026-03-01T09:00:05Z') },
    { type: 'call-ended', cause: 'normal', at: new Date('2026-03-01T09:01:00Z') },
  ]);
});

test.each([
  ['Outbound', ['call-started', 'leg-placed', 'leg-answered', 'call-ended']],
  ['Notanswered', ['call-started', 'leg-placed', 'call-ended']],
  ['Missed', ['call-started', 'leg-ringing', 'call-ended']],
])('%s', (CallType, types) => {
  expect(read({ CallType }).map(({ type }) => type)).toEqual(types);
});

test('wrong fields are named', () => {
  expect(() => read({ CallType: 'Bored', CallStartTimeUTC: 'soon', Number: undefined })).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      fields: ['CallType', 'Number', 'CallStartTimeUTC'].map((field) =>
        expect.objectContaining({ field }),
      ),
    }),
  );
});

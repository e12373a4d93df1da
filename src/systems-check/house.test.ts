import { expect, test } from 'vitest';
import type { StoredLink } from '../calls/phone-link-store.ts';
import { houseVerdict, judgeClock, judgeDatabase, judgeJobs } from './house.ts';
import { judgeMappings, knownExtensions } from './judge-mappings.ts';
import type { CheckedMapping } from './judge-mappings.ts';
import { judgePhoneSystem } from './judge-phone-system.ts';
import { supportReport } from './support-report.ts';

const now = new Date('2026-05-04T10:00:00Z');

test('a slow database and late jobs are warned of, jobs that do not run fail', () => {
  expect(judgeDatabase(1.2, '17.5')).toMatchObject({ status: 'pass', ms: 1.2 });
  expect(judgeDatabase(80, '17.5')).toMatchObject({ status: 'warn', code: 'slow' });
  expect(judgeJobs(120)).toMatchObject({ status: 'pass', ms: 120 });
  expect(judgeJobs(9_000)).toMatchObject({ status: 'warn', code: 'late' });
  expect(judgeJobs(null)).toMatchObject({ status: 'fail', code: 'not-done', ms: null });
});

test('the clock may be off by what the question itself took', () => {
  expect(judgeClock(-1_500, 5).status).toBe('pass');
  expect(judgeClock(3_000, 2_000).status).toBe('pass');
  expect(judgeClock(3_000, 5)).toMatchObject({ status: 'warn', code: 'clock-off' });
  const behind = judgeClock(-90_000, 5);
  expect(behind).toMatchObject({ status: 'fail', code: 'clock-off' });
  expect(behind.detail).toContain('90.0 s behind');
});

const system = { id: 's1', name: 'Head office', settings: { host: 'pbx' }, lastEventAt: null };
const hook = { ...system, settings: {} };
const link: StoredLink = {
  organizationId: 'o',
  phoneSystemId: 's1',
  connectedSince: now,
  lostSince: null,
  lostReason: null,
  lostFix: null,
  warnings: [],
  extensions: ['101', '102'],
  lastEventAt: new Date('2026-05-04T09:57:00Z'),
  eventsPerMinute: 3,
  held: true,
};

test('a phone system that is linked is signed in, lost, left alone or not allowed all', () => {
  const judge = (of: StoredLink | null) => judgePhoneSystem(system, null, of, now);
  expect(judge(link)).toMatchObject({ status: 'pass', title: 'Phone system Head office' });
  expect(judge(link).detail).toContain('3 min ago');
  const lost = { ...link, lostSince: now, lostReason: 'The password is wrong.', lostFix: 'Mend.' };
  expect(judge(lost)).toMatchObject({ status: 'fail', code: 'link-lost', fix: 'Mend.' });
  expect(judge(lost).detail).toContain('The password is wrong.');
  expect(judge({ ...link, held: false })).toMatchObject({ status: 'fail', code: 'link-not-held' });
  expect(judge(null)).toMatchObject({ status: 'fail', code: 'link-not-held' });
  const narrow = judge({ ...link, warnings: ['It may not place calls.'] });
  expect(narrow).toMatchObject({ status: 'warn', code: 'link-warnings' });
  expect(narrow.detail).toContain('It may not place calls.');
});

test('a phone system that calls us is judged by when it did', () => {
  const judge = (lastEventAt: Date | null) =>
    judgePhoneSystem({ ...hook, lastEventAt }, null, null, now);
  expect(judge(null)).toMatchObject({ status: 'warn', code: 'nothing-heard' });
  expect(judge(new Date('2026-05-03T10:00:00Z')).status).toBe('pass');
  expect(judge(new Date('2026-04-20T10:00:00Z'))).toMatchObject({ code: 'long-silent' });
});

const mapping = (name: string, over: Partial<CheckedMapping> = {}): CheckedMapping => ({
  personId: name,
  connectionId: 'c',
  name,
  extension: '101',
  crmUser: { name: `${name} of the CRM`, active: true },
  ...over,
});

test('mappings: one step sums up, each wrong one has its own', () => {
  const known = new Set(['101']);
  expect(judgeMappings([], known)).toMatchObject([{ status: 'warn', code: 'none' }]);
  const fine = [mapping('Ann'), mapping('Bob', { extension: null })];
  expect(judgeMappings(fine, known)).toMatchObject([{ id: 'mappings', status: 'pass' }]);
  const steps = judgeMappings(
    [
      ...fine,
      mapping('Cid', { extension: '999' }),
      mapping('Dot', { crmUser: { name: 'Dot', active: false } }),
      mapping('Eve', { crmUser: null }),
    ],
    known,
  );
  expect(steps.map(({ status, code }) => [status, code])).toEqual([
    ['fail', 'some-wrong'],
    ['warn', 'extension-unknown'],
    ['fail', 'crm-user-inactive'],
    ['fail', 'crm-user-gone'],
  ]);
  expect(steps[0]?.detail).toContain('3 of 5');
  expect(judgeMappings([mapping('Cid', { extension: '999' })], null)[0]?.status).toBe('pass');
  const many = Array.from({ length: 80 }, (_, at) => mapping(`P${at}`, { crmUser: null }));
  expect(judgeMappings(many, known)).toHaveLength(51);
});

test('an extension is unknown only where every phone system tells which it has', () => {
  expect(knownExtensions(['s1'], [link])).toEqual(new Set(['101', '102']));
  expect(knownExtensions(['s1', 's2'], [link])).toBeNull();
  expect(knownExtensions(['s1'], [{ ...link, extensions: [] }])).toBeNull();
  expect(knownExtensions(['s1'], [{ ...link, lostSince: now }])).toBeNull();
  expect(knownExtensions([], [])).toBeNull();
});

test('a run is as good as its worst step', () => {
  const steps = judgeMappings([mapping('Ann')], null);
  expect(houseVerdict(steps)).toBe('passed');
  expect(houseVerdict([...steps, ...judgeMappings([], null)])).toBe('warned');
  expect(houseVerdict(judgeMappings([mapping('Eve', { crmUser: null })], null))).toBe('failed');
});

test('the report for support tells statuses, codes and times, and none of the texts', () => {
  const steps = [
    judgePhoneSystem({ ...system, name: 'SECRET-SYSTEM' }, null, null, now),
    ...judgeMappings([mapping('SECRET-PERSON', { crmUser: null })], null),
  ];
  const step = {
    id: 'reachable',
    title: 'The instance answers',
    status: 'fail',
    code: 'dns',
    detail: 'SECRET-HOST is not known',
    fix: 'SECRET-FIX',
    ms: 12,
  } as const;
  const pull = {
    kind: 'users',
    status: 'failed',
    done: 3,
    total: null,
    rate: null,
    secondsLeft: null,
    message: 'SECRET-MESSAGE',
  } as const;
  const startedAt = now.toISOString();
  const text = supportReport({
    version: '1.2.3',
    node: '24.1.0',
    os: 'linux',
    database: '17.5',
    now,
    house: { status: 'failed', startedAt, steps },
    connections: [
      {
        platform: 'servicenow',
        state: 'failed',
        run: {
          ...{ status: 'failed', startedAt, steps: [step], pulls: [pull], counts: null },
          caseRight: { answer: 'no', code: 'no-access', detail: 'SECRET-WHY', fix: null },
        },
      },
      { platform: 'servicenow', state: 'new', run: null },
    ],
    testCall: {
      ...{ status: 'failed', startedAt, phoneSystemId: 's1' },
      hops: [{ ...step, id: 'matched', code: 'not-found', ms: 7 }],
    },
    phoneSystems: new Map([['s1', 'asterisk']]),
  });
  expect(text).not.toContain('SECRET');
  expect(text).toContain('phone-system 1 (asterisk) [link-not-held]');
  expect(text).toContain('mapping 1 [crm-user-gone]');
  expect(text).toContain('reachable [dns], 12 ms');
  expect(text).toContain('no       opening cases [no-access]');
  expect(text).toContain('pull users, 3 done');
  expect(text).toMatch(
    /Test call \(asterisk\): failed .*\n {2}fail {5}matched \[not-found\], 7\.0 ms/,
  );
  expect(text).toContain('Connection 2 (servicenow), light new: never checked');
});

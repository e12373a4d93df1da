import { describe, expect, test } from 'vitest';
import { backOff } from '../back-off.ts';
import { asteriskSettings, parseAsteriskSettings } from './settings.ts';

const typed = { host: 'pbx.example.com', username: 'ringside', secret: 'hush', trunks: 'acme' };

describe('the form of an Asterisk', () => {
  test('fills in what is usual', () => {
    expect(parseAsteriskSettings(typed, [])).toMatchObject({
      ok: true,
      settings: { port: '5038', tls: 'no', login: 'md5', context: 'from-internal' },
      secrets: { secret: 'hush' },
    });
  });

  test('a stored secret need not be typed again', () => {
    const { secret: _, ...rest } = typed;
    expect(parseAsteriskSettings(rest, ['secret'])).toMatchObject({ ok: true, secrets: {} });
    expect(parseAsteriskSettings(rest, [])).toMatchObject({ ok: false });
  });

  test('trunks may be written as channels are', () => {
    const parsed = parseAsteriskSettings({ ...typed, trunks: 'PJSIP/acme, SIP/backup acme' }, []);
    expect(parsed).toMatchObject({ settings: { trunks: 'acme, backup' } });
    expect(asteriskSettings({ trunks: 'acme, backup' }, {}).trunks).toEqual(['acme', 'backup']);
  });

  test.each([
    ['host', 'https://pbx.example.com'],
    ['host', 'a b'],
    ['port', '0'],
    ['port', '70000'],
    ['tls', 'maybe'],
    ['username', 'a\r\nSecret: x'],
    ['secret', 'a\nb'],
    ['context', 'a,1,b'],
    ['trunks', ''],
    ['nonsense', 'x'],
  ])('refuses %s %j and says which field', (name, value) => {
    const parsed = parseAsteriskSettings({ ...typed, [name]: value }, []);
    expect(parsed).toMatchObject({ ok: false, errors: [{ field: name }] });
  });
});

test('the back-off doubles up to 10 s and is spread by chance', () => {
  expect([0, 1, 2, 6, 50].map((failures) => backOff(failures, () => 1))).toEqual([
    500, 1000, 2000, 10_000, 10_000,
  ]);
  expect(backOff(6, () => 0.5)).toBe(5_000);
  expect(backOff(6, () => 0)).toBe(100);
});

import { expect, test } from 'vitest';
import { isMasked, maskNumber, maskNumbers, maskText, unmaskText } from './mask-numbers.ts';
import { createNumberMask } from './number-mask.ts';

test('numbers in a text are masked however they are written, and nothing else', () => {
  const texts: [text: string, masked: string][] = [
    ['+493012345678', '+49 ••• ••• 5678'],
    ['Call from +49 30 123-45678, urgent', 'Call from +49 ••• ••• 5678, urgent'],
    ['(030) 12 34 56 78', '••• ••• 5678'],
    ['back on (030/12345678)', 'back on (••• ••• 5678)'],
    ['0049 (0)30 12345678; 030.12345678', '••• ••• 5678; ••• ••• 5678'],
    ['tel:+1-212-555-0123', 'tel:+1 ••• ••• 0123'],
    ['sip:03012345678@pbx', 'sip:••• ••• 5678@pbx'],
    ['mobile0171 1234567', 'mobile••• ••• 4567'],
    ['٠٣٠١٢٣٤٥٦٧٨', '••• ••• ٥٦٧٨'],
    ['main phone, as stored: 1-800-FLOWERS', 'main phone, as stored: ••• ••• 00'],
    ['CS0001234 of 2026-11-29 07:00:12', 'CS0001234 of 2026-11-29 07:00:12'],
    ['contact:0197a3a8-0000-7000-8000-000000000000:12345678901234567890123456789012', ''],
    ['extension 1234 at 192.0.2', ''],
    ['2026-11-29T07:00:00.000Z_0197a3a8-0000-7000-8000-000000000000', ''],
  ];
  for (const [text, masked] of texts) {
    expect(maskText(text)).toBe(masked || text);
    expect(maskText(maskText(text))).toBe(maskText(text));
  }
  expect(maskNumber('0800 FLOWERS')).toBe('••• ••• 00');
  expect(maskNumber('4711')).toBe('4711');
});

test('a masked text that was edited gets its numbers back', () => {
  const original =
    'Call from +49 30 12345678 to (030) 99 99 56 78, again +49 30 12345678, as stored: FLOWERS 1';
  const shown = maskText(original);
  expect(unmaskText(shown, original)).toBe(original);
  expect(unmaskText(`Urgent! ${shown.replace('again', 'then')}`, original)).toBe(
    `Urgent! ${original.replace('again', 'then')}`,
  );
  expect(unmaskText(shown.replace('••• ••• 5678', '+44 20 7946 0018'), original)).toContain(
    'from +49 +44 20 7946 0018',
  );
  expect(isMasked(unmaskText(shown.replace('5678', '567'), original))).toBe(true);
  expect(unmaskText('no number', 'none here')).toBe('no number');
});

test('what is sent keeps its shape, dates, ids, links, the called line and the own note', () => {
  const at = new Date();
  const note = { text: 'ring 030 12345678', version: 2, updatedAt: null, sent: [] };
  const link = 'https://example.service-now.com/x?sysparm=03012345678';
  const colleague = { personId: 'p', name: 'Bob', text: 'ring 030 12345678', sent: [] };
  const masked = maskNumbers(
    {
      ...{ at, link, direction: 'inbound', dialled: '+49 30 900100', seconds: 1234567 },
      caller: { raw: '03012345678', e164: '+493012345678', display: '+49 30 12345678' },
      work: { note, colleagues: [colleague] },
      found: { kind: 'contact', number: '0800 FLOWERS' },
      field: { phone: true, value: '+49 30 12345678' },
    },
    (e164) => `sealed ${e164.length}`,
  );
  expect(masked).toEqual({
    ...{ at, link, direction: 'inbound', dialled: '+49 30 900100', seconds: 1234567 },
    caller: { raw: '+49 ••• ••• 5678', e164: 'sealed 13', display: '+49 ••• ••• 5678' },
    work: { note, colleagues: [{ ...colleague, text: 'ring ••• ••• 5678' }] },
    found: { kind: 'contact', number: '••• ••• 00' },
    field: { phone: true, value: '+49 ••• ••• 5678' },
  });
});

test('what stands for a number opens in its organization alone', () => {
  const mask = createNumberMask(Buffer.alloc(32, 1));
  const { e164 } = mask.mask('ours', { e164: '+493012345678' }) as { e164: string };
  expect(e164).not.toContain('3012345678');
  expect(Buffer.from(e164.slice(4), 'base64url').toString('latin1')).not.toContain('301234');
  expect(mask.open('ours', e164)).toBe('+493012345678');
  expect(mask.open('theirs', e164)).toBeNull();
  expect(mask.open('ours', `${e164.slice(0, -2)}AA`)).toBeNull();
  expect(createNumberMask(Buffer.alloc(32, 2)).open('ours', e164)).toBeNull();
  expect(mask.mask('ours', { e164: '+493012345678' })).toEqual({ e164 });
});

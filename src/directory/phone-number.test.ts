import { describe, expect, test } from 'vitest';
import { callerNumber, storedNumbers } from './phone-number.ts';

const e164 = (raw: string, country: string) => callerNumber(raw, country).e164;

describe('one number in the many ways people type it', () => {
  const spellings: Record<string, [country: string, raw: string][]> = {
    '+493012345678': [
      ['DE', '+493012345678'],
      ['DE', '+49 30 12345678'],
      ['DE', '+49 (30) 12345678'],
      ['DE', '+49 (0)30 12345678'],
      ['DE', '+49 (0) 30 / 123 456-78'],
      ['DE', '+49 030 12345678'],
      ['DE', '+49-30-1234-5678'],
      ['DE', '(+49) 30 12345678'],
      ['DE', '+(49) 30 12345678'],
      ['DE', '++49 30 12345678'],
      ['DE', '+ 49 30 12345678'],
      ['DE', '0049 30 12345678'],
      ['DE', '0049 (0) 30 12345678'],
      ['DE', '+0049 30 12345678'],
      ['DE', '00 49 30 12345678'],
      ['DE', '030 12345678'],
      ['DE', '030/12345678'],
      ['DE', '030 / 1234 56 78'],
      ['DE', '(030) 12345678'],
      ['DE', '(030)12 34 56-78'],
      ['DE', '030.1234.5678'],
      ['DE', '030-12345678'],
      ['DE', '030 – 12345678'],
      ['DE', '030\u00a01234\u202f5678'],
      ['DE', '\u202a+49 30 12345678\u202c'],
      ['DE', '\u200e+49\u200b30 12345678'],
      ['DE', '+493012345678'],
      ['DE', '٠٣٠١٢٣٤٥٦٧٨'],
      ['DE', '۰۳۰۱۲۳۴۵۶۷۸'],
      ['DE', '०३० १२३४५६७८'],
      ['DE', '493012345678'],
      ['DE', '  030 12345678  '],
      ['DE', '030 12345678 '],
      ['DE', 'Tel. 030 12345678'],
      ['DE', 'Telefon: +49 30 12345678'],
      ['DE', '030 12345678 (Zentrale)'],
      ['DE', '030 12345678 Herr Müller'],
      ['DE', 'tel:+493012345678'],
      ['DE', 'tel:+49-30-12345678;ext=12'],
      ['DE', 'TEL:030-12345678'],
      ['DE', 'tel:12345678;phone-context=+4930'],
      ['DE', 'tel:030-12345678;phone-context=example.com'],
      ['DE', 'sip:+493012345678@trunk.example.com'],
      ['DE', 'sip:+493012345678@trunk.example.com;user=phone'],
      ['DE', 'sip:+493012345678;cpc=ordinary@192.0.2.1:5060;transport=udp'],
      ['DE', 'sips:03012345678@pbx'],
      ['DE', 'sip:%2B493012345678@pbx'],
      ['DE', '<sip:+493012345678@pbx>'],
      ['DE', '"Ada Berg" <sip:+493012345678@pbx;user=phone>;tag=as58f4201b'],
      ['DE', 'Ada Berg <+49 30 12345678>'],
      ['DE', '+493012345678@pbx.example.com'],
      ['DE', 'callto:+493012345678'],
      ['DE', '#31#03012345678'],
      ['US', '011 49 30 12345678'],
      ['US', '0049 30 12345678'],
      ['US', '+49 30 12345678'],
      ['GB', '00 49 30 12345678'],
      ['RU', '8 10 49 30 12345678'],
      ['JP', '010 49 30 12345678'],
      ['AU', '0011 49 30 12345678'],
      ['CH', '493012345678'],
    ],
    '+4915112345678': [
      ['DE', '0151 12345678'],
      ['DE', '0151/12345678'],
      ['DE', '+49 (0)151-12345678'],
      ['DE', '4915112345678'],
      ['DE', '15112345678'],
      ['FR', '4915112345678'],
    ],
    '+4930123450': [
      ['DE', '030 12345-0'],
      ['DE', '+49 30 12345 - 0'],
    ],
    '+12025550101': [
      ['US', '(202) 555-0101'],
      ['US', '202-555-0101'],
      ['US', '202.555.0101'],
      ['US', '202 555 0101'],
      ['US', '2025550101'],
      ['US', '1-202-555-0101'],
      ['US', '1 (202) 555-0101'],
      ['US', '12025550101'],
      ['US', '+1 202 555 0101'],
      ['US', '+1 (202) 555-0101 x22'],
      ['US', '(202)555-0101 ext. 22'],
      ['US', '202-555-0101 extension 22'],
      ['US', '202-555-0101 #22'],
      ['US', '202-555-0101,,22#'],
      ['US', '*67 202-555-0101'],
      ['CA', '1 202 555 0101'],
      ['DE', '12025550101'],
      ['DE', '001 202 555 0101'],
      ['GB', '12025550101'],
    ],
    '+442079460123': [
      ['GB', '020 7946 0123'],
      ['GB', '(020) 7946 0123'],
      ['GB', '+44 (0)20 7946 0123'],
      ['GB', '+44 (0) 20-7946-0123'],
      ['GB', '0044 20 7946 0123'],
      ['GB', '442079460123'],
      ['DE', '442079460123'],
      ['US', '011 44 20 7946 0123'],
    ],
    '+33123456789': [
      ['FR', '01 23 45 67 89'],
      ['FR', '01.23.45.67.89'],
      ['FR', '+33 (0)1 23 45 67 89'],
      ['FR', '+33 1 23 45 67 89'],
      ['FR', '0033 1 23 45 67 89'],
    ],
    // In Italy the zero belongs to the number.
    '+390612345678': [
      ['IT', '06 12345678'],
      ['IT', '06/12345678'],
      ['IT', '+39 06 12345678'],
      ['IT', '+39 (0)6 12345678'],
      ['DE', '+39 (0)6 12345678'],
    ],
    '+393471234567': [
      ['IT', '347 1234567'],
      ['IT', '+39 347 1234567'],
      ['DE', '0039 347 1234567'],
    ],
    '+74951234567': [
      ['RU', '8 (495) 123-45-67'],
      ['RU', '+7 495 123-45-67'],
      ['RU', '7 495 1234567'],
      ['DE', '007 495 1234567'],
    ],
    '+36301234567': [
      ['HU', '06 30 123 4567'],
      ['HU', '+36 30 123 4567'],
    ],
    '+4733123456': [['NO', '33 12 34 56']],
    '+62457536056': [['ID', '62457536056']],
    '+38346822939': [['XK', '38346822939']],
    '+81312345678': [['JP', '03-1234-5678']],
    '+972501234567': [['IL', '050-123-4567']],
    '+41446681800': [
      ['CH', '044 668 18 00'],
      ['CH', '+41 (0)44 668 18 00'],
    ],
    // Countries with short numbers of their own.
    '+376312345': [['AD', '312 345']],
    '+298211234': [['FO', '211234']],
    '+352270000': [['LU', '27 00 00']],
    '+80012345678': [['DE', '+800 1234 5678']],
    // Letters on the keypad.
    '+18003569377': [
      ['US', '1-800-FLOWERS'],
      ['US', '1 800 flowers'],
      ['US', '(800) FLOWERS'],
      ['US', '+1 800 FLOWERS'],
    ],
    '+498003569377': [['DE', '0800 FLOWERS']],
    // In no known range, but as long as it must be.
    '+15555551234': [['US', '(555) 555-1234']],
  };
  for (const [number, ways] of Object.entries(spellings)) {
    test.each(ways)(`${number} in %s: %s`, (country, raw) => {
      expect(e164(raw, country)).toBe(number);
    });
  }
});

describe('numbers that changed their form', () => {
  test.each([
    ['BR', '(11) 8765-4321', '+5511987654321'],
    ['BR', '+55 11 8765-4321', '+5511987654321'],
    ['BR', '011 98765-4321', '+5511987654321'],
    ['BR', '0 15 11 98765-4321', '+5511987654321'],
    ['BR', '(11) 3265-4321', '+551132654321'],
    ['BR', '+55 11 7765-4321', '+551177654321'],
    ['MX', '+52 1 55 1234 5678', '+525512345678'],
    ['MX', '+52 55 1234 5678', '+525512345678'],
    ['MX', '044 55 1234 5678', '+525512345678'],
    ['MX', '045 55 1234 5678', '+525512345678'],
    ['MX', '01 55 1234 5678', '+525512345678'],
    ['MX', '55 1234 5678', '+525512345678'],
    ['DE', '5215512345678', '+525512345678'],
    ['BJ', '97 12 34 56', '+2290197123456'],
    ['DE', '+229 97 12 34 56', '+2290197123456'],
    ['VN', '0165 123 4567', '+84351234567'],
    ['VN', '+84 120 123 4567', '+84701234567'],
    ['AR', '011 15-2345-6789', '+5491123456789'],
    ['AR', '+54 9 11 2345-6789', '+5491123456789'],
    ['AR', '011 4345-6789', '+541143456789'],
  ])('%s: %s is %s', (country, raw, number) => {
    expect(e164(raw, country)).toBe(number);
  });
});

test.each([
  '', ' ', '-', '+', '0', '000', '00000000', 'anonymous', 'Anonymous', 'ANONYM', 'unknown', '<unknown>', '"unknown"', 'Unavailable',
  'private', 'Private Number', 'Restricted', 'withheld', 'number withheld', 'No Caller ID', 'out-of-area', 'n/a', 'N/A', 'none', 'null',
  'undefined', 'unbekannt', 'privé', 'inconnu', 'oculto', 'unterdrückt', 'sip:anonymous@anonymous.invalid',
  '"Anonymous" <sip:anonymous@anonymous.invalid>', 'sip:+4930123456@anonymous.invalid', 'sip:unknown@pbx', 'tel:anonymous',
  '+266696687', '266696687', '+86282452253', '\u0000', '\u202e', '\u0000'.repeat(10_000), ' '.repeat(10_000), '???', '\u{1f4de}', '\ud800',
])('%j is anonymous', (raw) => {
  expect(callerNumber(raw, 'DE')).toMatchObject({ e164: null, anonymous: true, display: 'Anonymous', country: null });
}); // prettier-ignore

test.each([
  ['DE', '101'], ['DE', '4711'], ['DE', '011'], ['DE', '110'], ['DE', '30044'], ['SE', '200061'], ['LU', '27000'], ['DE', '116117'], ['DE', '123456'], ['US', '888'], ['US', '911'],
  ['US', '555-1234'], ['GB', '999'], ['DE', 'sip:101@pbx'], ['DE', '1001 Ada'], ['DE', '*72'], ['DE', '#31#'], ['DE', '+49'], ['DE', '+1'],
  ['DE', '123456789'], ['US', '1111111111'], ['DE', '0000001'], ['US', '1234567890'], ['DE', '+49 30 12345678901234567890'],
  ['DE', '1'.repeat(10_000)], ['DE', `+${'1'.repeat(10_000)}`], ['DE', 'see website'], ['DE', 'ada24@example.com'],
  ['DE', 'a1234567890@example.com'], ['DE', 'https://example.com/03012345678'], ['DE', '^NQactive=true'],
  ['DE', '+493012345678^NQactive=true'], ['DE', 'phone=03012345678^ORDERBYname'], ['DE', '<script>alert(1)</script>'],
  ['DE', '<script>03012345678</script>'], ['DE', 'javascript:gs.getUserID()'], ['DE', '{03012345678}'], ['DE', '${03012345678}'],
  ['DE', '12.5'], ['DE', 'Raum 4, 3. Stock'], ['US', '888 voicemail'],
])('in %s nobody can dial %j', (country, raw) => {
  expect(callerNumber(raw, country)).toMatchObject({ e164: null, anonymous: false, country: null });
}); // prettier-ignore

test('shows a number for people, and what cannot be dialled as harmless text', () => {
  expect(callerNumber('030/12345678', 'DE')).toEqual({
    raw: '030/12345678',
    e164: '+493012345678',
    display: '+49 30 12345678',
    country: 'DE',
    anonymous: false,
  });
  const hostile = callerNumber('\u0000<b>\u202e4711</b>\r\n', 'DE');
  expect(hostile).toMatchObject({ raw: '<b>4711</b>', display: '<b>4711</b>', e164: null });
  expect(callerNumber('x1'.repeat(5_000), 'DE').raw).toHaveLength(64);
});

test('an unknown country reads international numbers only', () => {
  expect(e164('+49 30 12345678', 'ZZ')).toBe('+493012345678');
  expect(e164('0049 30 12345678', '')).toBe('+493012345678');
  expect(e164('030 12345678', 'ZZ')).toBeNull();
});

describe('stored numbers', () => {
  const read = (raw: string, ...countries: string[]) =>
    storedNumbers(raw, countries).map((number) => number.e164);

  test.each([
    ['030 1234567 / 0171 1234567'],
    ['030 1234567; 0171 1234567'],
    ['030 1234567, 0171 1234567'],
    ['030 1234567 oder 0171 1234567'],
    ['+49 30 1234567 +49 171 1234567'],
    ['privat 030 1234567 mobil 0171 1234567'],
    ['030 1234567 & 0171 1234567'],
    ['030 1234567\n0171 1234567\u00a0'],
  ])('%j are two', (raw) => {
    expect(read(raw, 'DE')).toEqual(['+49301234567', '+491711234567']);
  });

  test('at most four of a field', () => {
    expect(
      read('030 1000001; 030 1000002; 030 1000003; 030 1000004; 030 1000005', 'DE'),
    ).toHaveLength(4);
  });

  test.each([
    ['030 1234567 ext. 12', '12'],
    ['030 1234567 ext 12', '12'],
    ['030 1234567x12', '12'],
    ['030 1234567 X 12', '12'],
    ['030 1234567 Durchwahl 12', '12'],
    ['030 1234567 Dw. 12', '12'],
    ['030 1234567 App. 12', '12'],
    ['030 1234567 poste 12', '12'],
    ['030 1234567 (ext. 12)', '12'],
    ['030 1234567 #12', '12'],
    ['030 1234567;ext=12', '12'],
    ['tel:030-1234567;ext=12', '12'],
    ['030 1234567', ''],
    ['030 1234567 Box', ''],
  ])('%s: the extension %s stands apart', (raw, extension) => {
    expect(storedNumbers(raw, ['DE'])).toEqual([{ e164: '+49301234567', extension }]);
  });

  test('an empty field and a filler hold no number, one that nobody can dial is there as null', () => {
    for (const raw of ['', ' ', '-', 'n/a', 'none', 'keine', '0', 'xxx'])
      expect(read(raw, 'DE')).toEqual([]);
    for (const raw of ['4711', 'ask Ada', '12345', '^NQ']) expect(read(raw, 'DE')).toEqual([null]);
  });

  test("the record's own country goes before the organization's, which helps where that makes no sense", () => {
    expect(read('030 12345678', 'DE', 'US')).toEqual(['+493012345678']);
    expect(read('(202) 555-0101', 'US', 'DE')).toEqual(['+12025550101']);
    expect(read('(202) 555-0101', 'GB', 'US')).toEqual(['+12025550101']);
    expect(read('030 12345678', 'US', 'DE')).toEqual(['+493012345678']);
    expect(read('+49 30 12345678', 'US', 'FR')).toEqual(['+493012345678']);
    // Invented American numbers stay American, although their digits mean something in Germany too.
    expect(read('(555) 555-1234', 'US', 'DE')).toEqual(['+15555551234']);
  });

  test('how many numbers a field holds does not depend on the country', () => {
    for (const country of ['DE', 'US', 'BR', '']) {
      expect(read('030 1234567 / 0171 1234567', country)).toHaveLength(2);
      expect(read('030 1234567 x12', country)).toHaveLength(1);
    }
  });
});

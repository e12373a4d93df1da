import { expect, test } from 'vitest';
import type { LookupAnswer } from './contract.ts';
import { lookupText } from './lookup-text.ts';

const caller = {
  raw: '03012345',
  e164: '+493012345',
  display: '+49 30 12345',
  country: 'DE',
  anonymous: false,
};
const now = new Date('2026-11-23T09:00:00Z');
const nobody: LookupAnswer['match'] = {
  status: 'none',
  chosen: null,
  leftUnknown: false,
  candidates: [],
  sharedCustomer: null,
};

test('candidates with their reason, link and cases', () => {
  const answer: LookupAnswer = {
    caller,
    match: {
      status: 'one',
      chosen: 'contact:crm:ada',
      leftUnknown: false,
      sharedCustomer: null,
      candidates: [
        {
          key: 'contact:crm:ada',
          kind: 'contact',
          name: 'Ada Berg',
          title: 'Head of Logistics',
          email: '',
          city: 'Berlin',
          country: 'DE',
          customer: { name: 'Nordwind GmbH', link: null },
          link: 'https://acme.example/ada',
          reason: {
            label: 'mobile phone',
            field: 'mobile_phone',
            raw: '(030) 123-45',
            updatedAt: '2026-11-20T08:00:00.000Z',
            pending: null,
            text: 'mobile phone of contact Ada Berg, as stored: (030) 123-45',
          },
          openCases: [
            {
              id: 'k',
              number: 'CS0001001',
              shortDescription: 'Printer on fire',
              state: 'New',
              priority: '1 - Critical',
              priorityRank: 1,
              openedAt: null,
              link: null,
            },
          ],
          openCaseCount: 3,
          lastChosen: null,
          provisional: false,
        },
      ],
    },
    ms: 0.8,
  };
  expect(lookupText(answer, now)).toBe(
    [
      '+49 30 12345 (+493012345)',
      '',
      ' 1. Ada Berg (contact, Head of Logistics, Nordwind GmbH, Berlin)',
      '     why: mobile phone of contact Ada Berg, as stored: (030) 123-45, changed 3 days ago',
      '     https://acme.example/ada',
      '     CS0001001  1 - Critical  New  Printer on fire',
      '     and 2 more open cases',
      '',
      '1 found in 0.8 ms',
    ].join('\n'),
  );
});

test('nobody, a number nobody can dial, a withheld one', () => {
  expect(lookupText({ caller, match: nobody, ms: 1 }, now)).toContain(
    'No match: it pops as an unknown caller.',
  );
  const short = { ...caller, e164: null, display: '201' };
  expect(lookupText({ caller: short, match: nobody, ms: 1 }, now)).toContain(
    'not a number that can be dialled',
  );
  const hidden = { ...short, anonymous: true, display: 'Anonymous' };
  const match: LookupAnswer['match'] = { ...nobody, status: 'anonymous' };
  expect(lookupText({ caller: hidden, match, ms: 1 }, now)).toContain('nobody is looked up');
});

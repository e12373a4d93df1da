import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { noEarlierCalls } from '../../../src/desk/earlier-call-contract.ts';
import { noWork } from '../../../src/desk/work.testing.ts';

/** For this folder's tests: a pop about which only what matters is said. */
export function popOf(callId: string, change: Partial<Pop> = {}): Pop {
  return {
    callId,
    state: 'ringing',
    direction: 'inbound',
    caller: {
      raw: '+493012345',
      e164: '+493012345',
      display: '+49 30 12345',
      country: 'DE',
      anonymous: false,
    },
    askedBy: null,
    dialled: '',
    queue: null,
    priority: null,
    startedAt: '2026-11-23T12:00:00.000Z',
    answeredAt: null,
    endedAt: null,
    result: null,
    match: {
      status: 'none',
      chosen: null,
      leftUnknown: false,
      candidates: [],
      sharedCustomer: null,
    },
    card: { numbers: [], language: '', timeZone: null, transfers: [], earlier: noEarlierCalls },
    asOf: null,
    work: noWork,
    ...change,
  };
}

/** A contact about whom only what matters is said. */
export function candidateOf(name: string, change: Partial<Candidate> = {}): Candidate {
  return {
    ...{
      key: `contact:c:${name}`,
      kind: 'contact',
      name,
      title: '',
      email: '',
      city: '',
      country: '',
    },
    ...{ customer: null, link: null, openCases: [], openCaseCount: 0, lastChosen: null },
    provisional: false,
    reason: {
      ...{ label: 'mobile phone', field: 'mobile_phone', raw: '030 12345' },
      ...{ updatedAt: null, pending: null, text: '' },
    },
    ...change,
  };
}

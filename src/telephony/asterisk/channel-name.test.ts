import { expect, test } from 'vitest';
import { dialledNumber, extensionOf, readChannelName, trunkNames } from './channel-name.ts';

const trunks = ['trunk-carrier', 'sip.example.com', '4'];

test.each([
  ['PJSIP/101-0000001a', { kind: 'phone', extension: '101' }],
  ['SIP/101-0000001a', { kind: 'phone', extension: '101' }],
  ['IAX2/alice-5023', { kind: 'phone', extension: 'alice' }],
  ['PJSIP/desk-7-0000001a', { kind: 'phone', extension: 'desk-7' }],
  ['PJSIP/trunk-carrier-00000002', { kind: 'trunk' }],
  ['SIP/sip.example.com-00000002', { kind: 'trunk' }],
  ['SIP/192.0.2.7-00000002', { kind: 'trunk' }],
  ['PJSIP/anonymous-00000002', { kind: 'trunk' }],
  ['IAX2/trunk-carrier-5023', { kind: 'trunk' }],
  ['IAX2/192.0.2.7:4569-5023', { kind: 'trunk' }],
  ['DAHDI/i1/2025550143-1', { kind: 'trunk' }],
  ['DAHDI/4-1', { kind: 'trunk' }],
  ['DAHDI/7-1', { kind: 'phone', extension: '7' }],
  ['Local/102@internal-00000002;1', { kind: 'local', other: 'Local/102@internal-00000002;2' }],
  ['Local/102@internal-00000002;2', { kind: 'local', other: 'Local/102@internal-00000002;1' }],
  ['Announcer/ARI-00000000;2', { kind: 'other' }],
  ['', { kind: 'other' }],
  ['nonsense', { kind: 'other' }],
])('the channel %s', (name, expected) => {
  expect(readChannelName(name, trunks)).toEqual(expected);
});

test.each([
  ['+12025550188@trunk-carrier', '+12025550188'],
  ['PJSIP/+12025550188@trunk-carrier', '+12025550188'],
  ['trunk-carrier/+12025550188', '+12025550188'],
  ['SIP/trunk-carrier/+12025550188', '+12025550188'],
  ['trunk-carrier/sip:+12025550188@example.com', '+12025550188'],
  ['DAHDI/g1/2025550188', '2025550188'],
  ['g1/2025550188', '2025550188'],
  ['IAX2/me:secret@trunk-carrier/+12025550188@from-us', '+12025550188'],
  ['me:secret@192.0.2.7', null],
  ['trunk-carrier/reception', 'reception'],
  ['trunk-carrier', null],
  ['', null],
])('the dial string %s', (dialString, number) => {
  expect(dialledNumber(dialString, trunks)).toBe(number);
});

test('trunks as people write them', () => {
  expect(trunkNames(['acme', 'PJSIP/acme', 'SIP/acme-', 'acme-eu-1'])).toEqual([
    'acme',
    'acme',
    'acme',
    'acme-eu-1',
  ]);
});

test('who parked a call', () => {
  expect(
    ['PJSIP/101', 'SIP/102', '', 'PJSIP/trunk-carrier'].map((text) => extensionOf(text, trunks)),
  ).toEqual(['101', '102', null, null]);
});

import { expect, test } from 'vitest';
import { readChannel } from './channel-name.ts';

const trunks = ['127.0.0.10', 'carrier', 'external'];

test.each([
  ['sofia/internal/+12025550143@127.0.0.10', {}, { kind: 'trunk' }],
  ['sofia/internal/+12025550143@127.0.0.10:5060', {}, { kind: 'trunk' }],
  ['sofia/gateway/carrier/+12025550188', {}, { kind: 'trunk' }],
  ['sofia/external/+12025550188@192.0.2.9', {}, { kind: 'trunk' }],
  ['sofia/inner/+1202@192.0.2.9', { variable_sip_gateway_name: 'carrier' }, { kind: 'trunk' }],
  ['sofia/internal/101@127.0.0.1', {}, { kind: 'phone', extension: '101' }],
  [
    'sofia/internal/abc123@192.0.2.5:5062',
    { 'Call-Direction': 'outbound', variable_dialed_user: '101', variable_user_name: '102' },
    { kind: 'phone', extension: '101' },
  ],
  [
    'sofia/internal/abc123@192.0.2.5',
    { 'Call-Direction': 'inbound', variable_dialed_user: '101', variable_user_name: '102' },
    { kind: 'phone', extension: '102' },
  ],
  ['verto.rtc/101', {}, { kind: 'phone', extension: '101' }],
  ['loopback/102-a', {}, { kind: 'local', other: 'loopback/102-b' }],
  ['loopback/102-b', {}, { kind: 'local', other: 'loopback/102-a' }],
  ['pickup/sales', {}, { kind: 'other' }],
  ['', {}, { kind: 'other' }],
])('the channel %s', (name, variables, expected) => {
  const fields = new Map(Object.entries({ 'Channel-Name': name, ...variables }));
  expect(readChannel({ fields, body: '' }, trunks)).toEqual(expected);
});

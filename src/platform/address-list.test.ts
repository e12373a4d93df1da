import { expect, test } from 'vitest';
import { plainAddress, readAddressList } from './address-list.ts';

test('a list knows addresses, networks and names', () => {
  const list = readAddressList(['10.1.0.0/16', '192.168.1.7', 'fd00::/8', 'Crm.Intern.Example']);
  for (const address of ['10.1.255.1', '192.168.1.7', 'fd12::1', '::ffff:10.1.2.3', '[fd00::1]'])
    expect(list.hasAddress(address), address).toBe(true);
  for (const address of ['10.2.0.1', '192.168.1.8', 'fe80::1', 'crm.intern.example', '', '10.1'])
    expect(list.hasAddress(address), address).toBe(false);
  expect(list.hasHost('crm.intern.example')).toBe(true);
  expect(list.hasHost('other.crm.intern.example')).toBe(false);
});

test.each([
  '',
  '10.0.0.0/33',
  '10.0.0.0/8/8',
  'fd00::/129',
  'a b',
  'crm/24',
  '-x',
  'x..y',
  '10.0.0.0/',
])('no list holds %j', (entry) => {
  expect(() => readAddressList([entry])).toThrow(RangeError);
});

test.each([
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::ffff:7f00:1', '127.0.0.1'],
  ['0:0:0:0:0:ffff:a01:203', '10.1.2.3'],
  ['::ffff:0:10.0.0.1', '10.0.0.1'],
  ['::10.0.0.1', '10.0.0.1'],
  ['64:ff9b::a9fe:a9fe', '169.254.169.254'],
  ['2002:7f00:1::', '127.0.0.1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['2a00:1450::200e', '2a00:1450::200e'],
])('%s is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

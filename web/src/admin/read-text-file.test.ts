import { expect, test } from 'vitest';
import { decodeText } from './read-text-file.ts';

test('reads what spreadsheets save, in whichever encoding', () => {
  const utf8 = new TextEncoder().encode('\uFEFFJürgen');
  expect(decodeText(utf8)).toBe('Jürgen');
  expect(decodeText(Uint8Array.from([0x4a, 0xfc, 0x72]))).toBe('Jür');
  expect(decodeText(Uint8Array.from([0xff, 0xfe, 0x4a, 0, 0xfc, 0]))).toBe('Jü');
  expect(decodeText(Uint8Array.from([0xfe, 0xff, 0, 0x4a, 0, 0xfc]))).toBe('Jü');
});

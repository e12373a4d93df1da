import { expect, test } from 'vitest';
import { requirePermission, withheldFrom } from './permission.ts';

test('only agents are withheld anything, and only what is known', () => {
  const withheld = ['export-history', 'create-cases', 'of-a-later-version'];
  expect(withheldFrom('agent', withheld)).toEqual(['create-cases', 'export-history']);
  expect(withheldFrom('supervisor', withheld)).toEqual([]);
  expect(withheldFrom('administrator', withheld)).toEqual([]);
});

test('a refusal names the permission and who can give it', () => {
  expect(() => requirePermission({ mayNot: [] }, 'create-cases')).not.toThrow();
  expect(() => requirePermission({ mayNot: ['create-cases'] }, 'create-cases')).toThrow(
    expect.objectContaining({
      code: 'permission-required',
      message: expect.stringContaining('‘Create cases’'),
      fix: expect.stringContaining('administrator'),
    }),
  );
});

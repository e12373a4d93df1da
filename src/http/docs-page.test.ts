import { expect, test } from 'vitest';
import { docsPage } from './docs-page.ts';

test('whatever stands in the document is shown as text', () => {
  const page = docsPage({
    info: { title: '<script>alert(1)</script>', version: '"1"' },
    paths: {
      '/a/{b}': {
        get: {
          tags: ['A & B'],
          summary: '<img src=x>',
          parameters: [{ name: '<b>', in: 'path', required: true, schema: { pattern: '</pre>' } }],
          responses: { 200: { description: '<i>' } },
        },
      },
    },
  });
  expect(page).not.toMatch(/<script|<img|<i>|<b>&|<\/pre>"/);
  expect(page).toContain('&lt;img src=x&gt;');
  expect(page).toContain('<section id="a-b"><h2>A &amp; B</h2>');
});

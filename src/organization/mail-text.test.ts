import { expect, test } from 'vitest';
import { writeMail } from './mail-text.ts';

const facts = {
  ...{ name: 'Ada <b>Berg</b>', email: 'ada@acme.example', organization: 'A & "B"' },
  url: 'https://hub.example/invite/token',
  ...{ until: new Date('2026-12-06T02:20:00Z'), timeZone: 'Europe/Berlin' },
};

test('an invitation is plain text, and HTML in which names are text', () => {
  const { to, subject, text, html } = writeMail({ ...facts, kind: 'invitation' });
  expect(to).toEqual({ name: 'Ada <b>Berg</b>', address: 'ada@acme.example' });
  expect(subject).toBe('A & "B" invites you to Ringside');
  expect(text).toContain('\n\nhttps://hub.example/invite/token\n\n');
  expect(html).toContain('href="https://hub.example/invite/token"');
  expect(html).toContain('Ada &lt;b&gt;Berg&lt;/b&gt;');
  expect(html).not.toContain('<b>');
  expect(html).not.toMatch(/<img|<script|src=/);
});

test('a new password says that it may be ignored', () => {
  const { subject, text } = writeMail({ ...facts, kind: 'password' });
  expect(subject).toBe('Your new Ringside password');
  expect(text).toContain('good until 6 Dec 2026, 03:20 (Europe/Berlin). If it was not you, ignore');
});

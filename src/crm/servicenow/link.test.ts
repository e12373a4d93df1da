import { describe, expect, test } from 'vitest';
import { linkStyles, recordLink } from './link.ts';
import { servicenow } from './platform.ts';

const base = 'https://acme.service-now.com/';
const id = 'a'.repeat(32);

test.each([
  ['classic', `sn_customerservice_case.do?sys_id=${id}`],
  ['framed', `nav_to.do?uri=sn_customerservice_case.do%3Fsys_id%3D${id}`],
  ['workspace', `now/cwf/agent/record/sn_customerservice_case/${id}`],
] as const)('a case in the style %s', (style, path) => {
  expect(recordLink(base, style, { kind: 'case', id })).toBe(base + path);
});

test.each(linkStyles)('$value: no id and no value leaves its place', ({ value: style }) => {
  const hostile = 'a&b=c#d/ü"<../\ud800^NQx';
  const links = [
    recordLink(base, style, { kind: 'consumer', id: hostile }),
    recordLink(base, style, { kind: 'new-case', values: { shortDescription: hostile } }),
  ];
  for (const link of links) {
    const url = new URL(link);
    expect(url.origin).toBe('https://acme.service-now.com');
    expect(url.hash).toBe('');
    expect([...url.searchParams.keys()].filter((key) => key === 'b')).toEqual([]);
    expect(url.pathname).toMatch(
      /^\/(csm_consumer\.do|sn_customerservice_case\.do|nav_to\.do|now\/cwf\/agent\/record\/)/,
    );
  }
});

describe('a new case', () => {
  const values = { contactId: 'c1', customerId: 'a1', channel: 'phone' };
  const query = 'contact_type=phone^contact=c1^account=a1';

  test.each([
    ['classic', (url: URL) => url.searchParams.get('sysparm_query')],
    [
      'framed',
      (url: URL) =>
        new URL(url.searchParams.get('uri') ?? '', base).searchParams.get('sysparm_query'),
    ],
    ['workspace', (url: URL) => decodeURIComponent(url.pathname.split('/').at(-1) ?? '')],
  ] as const)('is filled in, in the style %s', (style, queryOf) => {
    const url = new URL(recordLink(base, style, { kind: 'new-case', values }));
    expect(queryOf(url)?.split('^').toSorted()).toEqual(query.split('^').toSorted());
    expect(decodeURIComponent(url.href)).toMatch(/sys_id=-1|sn_customerservice_case\/-1/);
  });

  test('no value becomes another condition or a script', () => {
    const shortDescription = ' javascript:javascript:gs.x()^priority=1\r\nsecond line';
    const link = recordLink(base, 'classic', { kind: 'new-case', values: { shortDescription } });
    expect(new URL(link).searchParams.get('sysparm_query')).toBe(
      'short_description=gs.x() priority=1 second line',
    );
  });
});

test('the style is the setting of the connection, and the base its CRM Details Link', () => {
  const settings = { endpoint: base, detailsLink: 'https://help.acme.example/' };
  const link = (change: Record<string, string>) =>
    servicenow.connect({ ...settings, ...change }, {}).link({ kind: 'user', id: '1' });
  expect(link({})).toBe('https://help.acme.example/sys_user.do?sys_id=1');
  expect(link({ linkStyle: 'workspace' })).toBe(
    'https://help.acme.example/now/cwf/agent/record/sys_user/1',
  );
  expect(link({ linkStyle: 'something else' })).toBe(link({}));
  expect(() => link({ detailsLink: 'x y' })).toThrow('CRM Details Link');
});

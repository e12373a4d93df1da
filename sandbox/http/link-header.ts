/**
 * Paging links as a recorded instance sends them (§1.5): the original parameters in their order, limit and offset at the end; `first`, `prev`, `next`,
 * `last`, joined by a bare comma. Null when everything fits on one page.
 */
export function linkHeader(
  url: string,
  parameters: readonly (readonly [string, string])[],
  { total, limit, offset }: { total: number; limit: number; offset: number },
): string | null {
  if (limit < 1 || total <= limit) return null;
  const kept = parameters.filter(([name]) => name !== 'sysparm_limit' && name !== 'sysparm_offset');
  const link = (rel: string, at: number): string => {
    const all = [
      ...kept,
      ['sysparm_limit', String(limit)],
      ['sysparm_offset', String(at)],
    ] as const;
    const query = all
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    return `<${url}?${query}>;rel="${rel}"`;
  };
  const links = [link('first', 0)];
  if (offset > 0) links.push(link('prev', Math.max(0, offset - limit)));
  if (offset + limit < total) links.push(link('next', offset + limit));
  links.push(link('last', Math.floor((total - 1) / limit) * limit));
  return links.join(',');
}

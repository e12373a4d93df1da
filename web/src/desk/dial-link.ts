/** The number of a telephone link: `tel:+49-30-123;ext=5` is `+49-30-123`. Undefined when there is none; hostile text stays text. */
export function dialledNumber(link: unknown): string | undefined {
  if (typeof link !== 'string' && typeof link !== 'number') return undefined;
  const [number = ''] = String(link)
    .replace(/^\s*(tel|callto|sip|sips):(\/\/)?/i, '')
    .split(/[;?@]/);
  // A `+` that nobody encoded came as a space.
  const decoded = decode(number)
    .replace(/^ +(?=\d)/, '+')
    .trim();
  return decoded === '' || decoded.length > 100 ? undefined : decoded;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Characters that must never reach a screen, a log or the database from outside: controls (PostgreSQL refuses NUL), the
 * bidirectional overrides that make text read differently from what it is, and invisible marks that hide in names.
 */
const harmful =
  // oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;
const harmfulEverywhere = new RegExp(harmful.source, 'g');
const lineBreaks = /[\r\n\t\u0085\u2028\u2029]+/g;

/**
 * Makes text from outside harmless to show and to store: no control or bidirectional characters, no half surrogates, line
 * breaks as one space, trimmed, at most `max` UTF-16 units and never cut inside a character.
 */
export function cleanText(raw: string, max: number): string {
  // What is cut off need not be looked at; the factor leaves room for characters that go away.
  let text = raw.length > max * 4 + 64 ? raw.slice(0, max * 4 + 64) : raw;
  if (harmful.test(text)) text = text.replace(lineBreaks, ' ').replace(harmfulEverywhere, '');
  text = text.trim();
  if (text.length > max) text = text.slice(0, max).trimEnd();
  return text.isWellFormed() ? text : withoutHalfCharacters(text);
}

/** A surrogate cut off from its partner at the end goes away, others become the replacement character. */
function withoutHalfCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  const cut = last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
  return cut.toWellFormed();
}

/**
 * Makes text of several lines that somebody typed harmless, and leaves it as typed otherwise: line breaks, tabs and spaces stay. A
 * line break is `\n`.
 */
export function cleanLines(raw: string): string {
  const text = raw.replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n').toWellFormed();
  if (!harmful.test(text)) return text;
  return text.replace(harmfulEverywhere, (mark) => (mark === '\n' || mark === '\t' ? mark : ''));
}

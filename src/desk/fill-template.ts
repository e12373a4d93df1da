/** What the placeholders of a case template stand for; '' where it is not known. */
export interface TemplateFacts {
  caller: string;
  company: string;
  number: string;
  queue: string;
  agent: string;
  date: string;
}

/**
 * Fills the placeholders of a template in. A line that is left with nothing but a dangling joint loses it: 'Call from {caller}, {company}' of
 * somebody without a company is 'Call from Ada Berg'. Braces that are no placeholder stay as they are.
 */
export function fillTemplate(text: string, facts: TemplateFacts): string {
  return text
    .split('\n')
    .map((line) => fillLine(line, facts))
    .join('\n');
}

function fillLine(line: string, facts: TemplateFacts): string {
  let gap = false;
  const filled = line.replaceAll(
    /\{(caller|company|number|queue|agent|date)\}/g,
    (_, name: keyof TemplateFacts) => {
      if (facts[name] === '') gap = true;
      return facts[name];
    },
  );
  if (!gap) return filled;
  return filled
    .replaceAll(/\(\s*\)|\[\s*\]/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/([,;:·|/–-])(\s*[,;:·|/–-])+/g, '$1')
    .replace(/\s+([,;:])/g, '$1')
    .replace(/^[\s,;:·|/–-]+|[\s,;:·|/–-]+$/g, '');
}

/** `23 Nov 2026` at the organization's place. */
export function templateDate(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone,
  }).format(at);
}

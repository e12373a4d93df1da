/** How text becomes words that can be found: of records and of what somebody types in the same way. */

const longestWord = 40;
const mostWords = 30;

/** A word as it stands in a text, and how it is found. */
export interface Token {
  /** Where it stands, in UTF-16 units. */
  start: number;
  end: number;
  /** Folded; more than one where people write it in more than one way. */
  forms: string[];
}

/**
 * The words of a text. Accents and case go; a German umlaut is found as its letter alone and with an e:
 *
 *     tokensOf('Jörg Groß').map(({ forms }) => forms)   // [['jorg', 'joerg'], ['gross']]
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  // Most text is plain, and looking up what a character is takes its time.
  const word = /^[ -~]*$/.test(text) ? /[A-Za-z0-9]+/g : /[\p{L}\p{N}\p{M}]+/gu;
  for (const match of text.matchAll(word)) {
    if (tokens.length === mostWords) break;
    const forms = foldWord(match[0]);
    if (forms.length > 0)
      tokens.push({ start: match.index, end: match.index + match[0].length, forms });
  }
  return tokens;
}

/** The ways in which one word is found: one, or two. */
export function foldWord(word: string): string[] {
  const lower = word.toLowerCase();
  // Nothing to fold, as with most words: a fifth of the time.
  if (lower.length <= longestWord && /^[a-z0-9]+$/.test(lower)) return [lower];
  const composed = lower.normalize('NFC');
  const plain = foldLetters(composed);
  const german = foldLetters(
    composed.replaceAll(/[äöüøœæå]/g, (letter) => withE[letter] ?? letter),
  );
  return [...new Set([plain, german])].filter((form) => form !== '');
}

const withE: Record<string, string> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ø: 'oe',
  œ: 'oe',
  æ: 'ae',
  å: 'aa',
};
/** Letters that Unicode does not take apart. */
const alone: Record<string, string> = {
  ...{ ß: 'ss', ø: 'o', æ: 'a', œ: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ς: 'σ' },
};

function foldLetters(lower: string): string {
  const folded = lower
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[ßøæœłđðþħıς]/g, (letter) => alone[letter] ?? letter)
    // Compatibility forms may fall apart into what is no letter.
    .replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '');
  return Array.from(folded).slice(0, longestWord).join('');
}

/** What a text is found by; words with an apostrophe, a hyphen or a dot inside also as one (`O'Brien`: o, brien, obrien). */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const { forms } of tokensOf(text)) for (const form of forms) words.add(form);
  if (!/['’`-]/.test(text)) return words;
  for (const [joined] of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’`-][\p{L}\p{N}\p{M}]+)+/gu))
    if (words.size < 2 * mostWords)
      for (const form of foldWord(joined.replaceAll(/['’`-]/g, ''))) words.add(form);
  return words;
}

/** Forms of companies: they tell nobody apart, so a search does without them where it has another word. */
const companyForms = new Set(
  'ab ag aps as bv bvba co company corp corporation cv eg ek ev gbr gesellschaft gmbh group gruppe holding inc incorporated kft kg kgaa limited llc llp lp ltd mbh nv ohg oy oyj plc pte pty sa sarl sas se sl spa spzoo srl sro the ug und and et'.split(
    ' ',
  ),
);

export function isCompanyForm(word: string): boolean {
  return companyForms.has(word);
}

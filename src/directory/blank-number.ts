// RFC 3323 4.1.1.3: where a caller who hides stands in SIP.
const hiddenHost = /@anonymous\.invalid\b/i;

const blankWords = new Set(
  (
    'anonymous anonym anonyme anonimo anonimus anoniem unknown unknowncaller unknownnumber unbekannt inconnu desconocido sconosciuto onbekend ' +
    'unavailable notavailable na private privatenumber privatecaller privat prive privado privato restricted withheld numberwithheld blocked hidden ' +
    'oculto masque suppressed unterdruckt rufnummerunterdruckt nocallerid nonumber noid none null nil undefined outofarea payphone nan ' +
    'keine no tbd x xx xxx unlisted'
  ).split(' '),
);
// The words ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on a keypad: how carriers send
// them where only digits may stand.
const blankDigits = /^(?:0*|\+?266696687|\+?7378742833|\+2562533|\+8656696|\+?86282452253)$/;

/**
 * Whether a readable text says that there is no number: words in several languages, zeros, nothing.
 */
export function isBlank(text: string): boolean {
  if (hiddenHost.test(text)) return true;
  if (/\p{L}/u.test(text)) {
    if (/\d/.test(text)) return false;
    // 'n/a' and '<unknown>' are words here, but '<script>' or '^NQ' must not become one by losing
    // its signs.
    const word = text.normalize('NFKD').replace(/[\s\p{M}\p{P}<>]/gu, '');
    return word.length <= 24 && blankWords.has(word.toLowerCase());
  }
  return blankDigits.test(
    text
      .replace(/[^\d+]/g, '')
      .replace(/^\++/, '+')
      .replace(/^\+$/, ''),
  );
}

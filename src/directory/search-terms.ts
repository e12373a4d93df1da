import { foldWord, isCompanyForm, tokensOf, wordsOf } from './search-words.ts';
import { isOneEdit } from './one-edit.ts';
import type { SearchMark } from './contract.ts';

/** A word that somebody typed, perhaps only its beginning. */
export interface Term {
  /** As it was typed, in lower case. */
  typed: string;
  forms: string[];
}

const mostTerms = 6;
/** Shorter words have too many neighbours. */
export const editsFrom = 4;
/** Longer ones have too many to ask for, some 70 for each letter. */
export const editsTo = 24;
/** From here on also words whose beginning is one edit away: somebody is still typing. */
export const beginningsFrom = 5;

/** What a text asks for: every word counts but the forms of companies (GmbH, Inc.) beside other words. */
export function termsOf(text: string): Term[] {
  const seen = new Set<string>();
  const terms = tokensOf(text).flatMap(({ start, end, forms }) => {
    const typed = text.slice(start, end).toLowerCase();
    if (seen.has(typed)) return [];
    seen.add(typed);
    return [{ typed, forms }];
  });
  const telling = terms.filter(({ forms }) => !forms.some(isCompanyForm));
  return (telling.length > 0 ? telling : terms).slice(0, mostTerms);
}

/** How well a word of a text agrees with a term; higher is better. */
export const agreement = { exact: 4, beginning: 3, edit: 2, editedBeginning: 1, none: 0 } as const;
export type Agreement = (typeof agreement)[keyof typeof agreement];

export function isEdit(agrees: Agreement): boolean {
  return agrees === agreement.edit || agrees === agreement.editedBeginning;
}

/** `edits`: whether words one edit away count. */
export function agreementOf(term: Term, words: Iterable<string>, edits: boolean): Agreement {
  let best: Agreement = agreement.none;
  for (const word of words) {
    const one = wordAgreement(term, word, edits);
    if (one > best) best = one;
  }
  return best;
}

function wordAgreement({ forms }: Term, word: string, edits: boolean): Agreement {
  let best: Agreement = agreement.none;
  for (const form of forms) {
    if (word === form) return agreement.exact;
    if (word.startsWith(form)) best = agreement.beginning;
    else if (edits && best < agreement.edit) best = Math.max(best, edited(form, word)) as Agreement;
  }
  return best;
}

function edited(form: string, word: string): Agreement {
  const { length } = form;
  if (length < editsFrom || length > editsTo) return agreement.none;
  if (isOneEdit(form, word)) return agreement.edit;
  if (length < beginningsFrom || !isOneEdit(form, word, true)) return agreement.none;
  return agreement.editedBeginning;
}

/** How well each term agrees with a text. */
export function agreements(terms: readonly Term[], text: string, edits: boolean): Agreement[] {
  const words = wordsOf(text);
  return terms.map((term) => agreementOf(term, words, edits));
}

/** The parts of a text that agree with terms, as [start, end) in UTF-16 units. */
export function marksOf(terms: readonly Term[], text: string): SearchMark[] {
  return tokensOf(text).flatMap(({ start, end, forms }): SearchMark[] => {
    const best = Math.max(...terms.map((term) => agreementOf(term, forms, true)));
    if (best === agreement.none) return [];
    if (best !== agreement.beginning) return [[start, end]];
    const until = (length: number) => foldWord(text.slice(start, start + length));
    for (let length = 1; length < end - start; length += 1) {
      const folded = until(length);
      if (terms.some((term) => term.forms.some((form) => folded.some((f) => f.startsWith(form)))))
        return [[start, start + length]];
    }
    return [[start, end]];
  });
}

/** The word of a text that a term, as typed, begun or one edit away, may have meant; null where there is none. */
export function meantWord(term: Term, text: string): string | null {
  let [best, word]: [Agreement, string | null] = [agreement.none, null];
  for (const { start, end, forms } of tokensOf(text)) {
    const one = agreementOf(term, forms, true);
    if (one > best) [best, word] = [one, text.slice(start, end)];
  }
  return word;
}

const latin = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Letters that may have been meant, by the script of the word. */
const alphabets: [script: RegExp, letters: string][] = [
  [/\p{Script=Greek}/u, 'αβγδεζηθικλμνξοπρστυφχψω'],
  [
    /\p{Script=Cyrillic}/u,
    'абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџ'
      .normalize('NFKD')
      .replaceAll(/[\u0300-\u036f]/g, ''),
  ],
];

function lettersFor(word: string): string {
  return alphabets.find(([script]) => script.test(word))?.[1] ?? latin;
}

/**
 * All words that one edit makes of a word: a letter left out, added, another one, two neighbours swapped. Some 70 for each letter; of
 * scripts beside Latin, Greek and Cyrillic nothing but what leaves out and swaps.
 */
export function oneEditWords(word: string): Set<string> {
  const letters = Array.from(word);
  const alphabet = [...new Set([...Array.from(lettersFor(word)), ...letters])];
  const made = new Set<string>();
  for (let at = 0; at <= letters.length; at += 1) {
    const before = letters.slice(0, at).join('');
    const after = letters.slice(at).join('');
    const rest = letters.slice(at + 1).join('');
    for (const letter of alphabet) made.add(before + letter + after);
    if (at === letters.length) break;
    made.add(before + rest);
    for (const letter of alphabet) made.add(before + letter + rest);
    if (at + 1 < letters.length)
      made.add(before + letters[at + 1]! + letters[at]! + letters.slice(at + 2).join(''));
  }
  made.delete(word);
  made.delete('');
  return made;
}

/** Whether one edit makes `typed` of `word` or, with `beginning`, of how `word` begins. */
export function isOneEdit(typed: string, word: string, beginning = false): boolean {
  if (typed === word || (!beginning && Math.abs(typed.length - word.length) > 2)) return false;
  const [a, b] = [Array.from(typed), Array.from(word)];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  const agree = (fromA: number, fromB: number) => {
    const [restA, restB] = [a.slice(fromA), b.slice(fromB)];
    if (!beginning && restA.length !== restB.length) return false;
    return restA.length <= restB.length && restA.every((letter, index) => letter === restB[index]);
  };
  // All that is the same at the beginning may be taken as the same: no later edit gains by another choice.
  return (
    (same < a.length && agree(same + 1, same)) ||
    (same < b.length && agree(same, same + 1)) ||
    (same < a.length && same < b.length && agree(same + 1, same + 1)) ||
    (same + 1 < a.length &&
      same + 1 < b.length &&
      a[same] === b[same + 1] &&
      a[same + 1] === b[same] &&
      agree(same + 2, same + 2))
  );
}

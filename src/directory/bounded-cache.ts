/**
 * Remembers what a pure function of (text, context) answered, for at most `size` texts: two
 * generations, so that what is used stays and old entries go without bookkeeping per hit. Long
 * texts are not kept, they are rare and would cost memory.
 */
export function boundedCache<T>(
  size: number,
): (text: string, context: string, compute: () => T) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (text, context, compute) => {
    if (text.length > 64) return compute();
    const key = `${context} ${text}`;
    const hit = young.get(key);
    if (hit !== undefined) return hit;
    const value = old.get(key) ?? compute();
    if (young.size >= size / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  };
}

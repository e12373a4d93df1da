import { hash, stream } from './random.ts';

/** sys_ids that look random (32 hexadecimal digits) but rise with the index, so that both directions are arithmetic. */
export interface SysIds {
  sysId(index: number): string;
  indexOf(sysId: string): number;
}

const range = 2 ** 48;

export function createSysIds(seed: number, name: string, count: number): SysIds {
  const first = stream(`${name}.sys_id`);
  const slot = range / Math.max(count, 1);

  function sysId(index: number): string {
    const place = Math.floor((index + hash(seed, first, index) / 0x1_0000_0000) * slot);
    return (
      hex(place, 12) +
      hex(hash(seed, first + 1, index), 8) +
      hex(hash(seed, first + 2, index), 8) +
      hex(hash(seed, first + 3, index) >>> 16, 4)
    );
  }

  function indexOf(id: string): number {
    if (!/^[0-9a-f]{32}$/.test(id)) return -1;
    const guess = Math.floor(Number.parseInt(id.slice(0, 12), 16) / slot);
    for (const index of [guess, guess - 1, guess + 1]) {
      if (index >= 0 && index < count && sysId(index) === id) return index;
    }
    return -1;
  }

  return { sysId, indexOf };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** A sys_id for a row that has a name instead of a place, such as a choice: the same name gives the same id. */
export function namedSysId(name: string): string {
  const seed = stream(name);
  return [0, 1, 2, 3].map((part) => hex(hash(seed, part, name.length), 8)).join('');
}

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
    const high = Math.floor(place / 0x1_0000_0000);
    return (
      hex4(high) +
      hex8(place) +
      hex8(hash(seed, first + 1, index)) +
      hex8(hash(seed, first + 2, index)) +
      hex4(hash(seed, first + 3, index) >>> 16)
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

const bytes = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

function hex4(value: number): string {
  return bytes[(value >>> 8) & 255]! + bytes[value & 255]!;
}

/** The lowest 32 bits. */
function hex8(value: number): string {
  return hex4(value >>> 16) + hex4(value);
}

/** A sys_id for a row that has a name instead of a place, such as a choice: the same name gives the same id. */
export function namedSysId(name: string): string {
  const seed = stream(name);
  return [0, 1, 2, 3].map((part) => hex8(hash(seed, part, name.length))).join('');
}

import { tables } from '../schema/tables.ts';
import { faultCatalogue } from './catalogue.ts';

/** A fault that is switched on. */
export interface Fault {
  name: string;
  argument: string;
  /** Only requests whose path begins so. */
  path: string;
  /** How often it still happens; null: until it is switched off. */
  times: number | null;
}

export interface FaultSwitch {
  list(): readonly Fault[];
  /** Switches a fault on, written as on the command line; answers it. Throws a RangeError that says what is wrong. */
  add(text: string): Fault;
  /** Replaces everything. */
  set(texts: readonly string[]): void;
  remove(name: string): void;
  clear(): void;
  /** Arguments of the faults of that name. */
  arguments(name: string): string[];
  /** The argument when the fault is to happen to a request of this path now (counts it), else null. */
  happens(name: string, path: string): string | null;
}

/** `NAME[:ARG][@PATH][*TIMES]`, for example `silence@/api/now/table/sys_user*2`; a bare star at the end says nothing. */
const notation = /^([a-z0-9-]+)(?::([^@*]*))?(?:@([^*]+))?(?:\*(\d*))?$/;

export function parseFault(text: string): Fault {
  const match = notation.exec(text.trim());
  const known = match ? faultCatalogue.find(({ name }) => name === match[1]) : undefined;
  if (!match || !known) {
    throw new RangeError(
      `There is no fault '${text}'. There are: ${faultCatalogue.map(({ name }) => name).join(', ')}.`,
    );
  }
  const [, name = '', argument = '', path = '', times] = match;
  const wrong = wrongArgument(known.argument, argument);
  if (wrong !== null) {
    throw new RangeError(
      `${wrong} Write ${known.argument === null ? name : `${name}:${known.argument}`}.`,
    );
  }
  return { name, argument, path, times: times ? Number(times) : null };
}

/** What is wrong with an argument, by the notation of the catalogue; null when it is right. */
function wrongArgument(notation: string | null, argument: string): string | null {
  if (notation === null) return argument === '' ? null : 'This fault has no argument.';
  if (argument === '') return notation.startsWith('[') ? null : 'This fault needs an argument.';
  const shape = notation.replace(/[[\]]/g, '');
  const [first = ''] = argument.split('/');
  if (shape.startsWith('TABLE')) {
    const [table = ''] = first.split('.');
    return tables.has(table) ? null : `There is no table '${table}'.`;
  }
  const words = shape.split('/')[0]!.split('|');
  if (words.length > 1)
    return words.includes(first) ? null : `'${first}' is none of ${words.join(', ')}.`;
  return /^\d+(\/\d+)?$/.test(argument) ? null : `'${argument}' is no number.`;
}

export function createFaultSwitch(texts: readonly string[]): FaultSwitch {
  let faults = texts.map(parseFault);

  return {
    list: () => faults,
    add(text) {
      const fault = parseFault(text);
      faults = [...faults, fault];
      return fault;
    },
    set(next) {
      faults = next.map(parseFault);
    },
    remove(name) {
      faults = faults.filter((fault) => fault.name !== name);
    },
    clear() {
      faults = [];
    },
    arguments: (name) =>
      faults.filter((fault) => fault.name === name).map((fault) => fault.argument),
    happens(name, path) {
      const fault = faults.find(
        (each) => each.name === name && path.startsWith(each.path) && each.times !== 0,
      );
      if (!fault) return null;
      if (fault.times !== null) fault.times--;
      return fault.argument;
    },
  };
}

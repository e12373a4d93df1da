import { InvalidArgumentError } from 'commander';
import { parseFault } from './faults/fault-switch.ts';

/** Reads an option that is a whole number within limits. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Collects `--fault` options, each checked. */
export function collectFault(text: string, before: string[]): string[] {
  try {
    parseFault(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
  return [...before, text];
}

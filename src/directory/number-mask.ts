import { createReferences } from '../platform/references.ts';
import { maskNumbers } from './mask-numbers.ts';

/** Masks what leaves the hub for people who may see only the last digits of numbers, and takes back what stands for a number. */
export interface NumberMask {
  /** A copy of the value with every number masked, see {@link maskNumbers}. */
  mask(organizationId: string, value: unknown): unknown;
  /** The number that an `e164` field stood for; null when it stands for none in this organization. */
  open(organizationId: string, reference: string): string | null;
}

export function createNumberMask(hubKey: Buffer): NumberMask {
  const references = createReferences(hubKey, 'telephone numbers');
  return {
    mask: (organizationId, value) =>
      maskNumbers(value, (e164) => references.make(e164, organizationId)),
    open: (organizationId, reference) => references.open(reference, organizationId),
  };
}

import type { Permission } from '../../../src/organization/permission.ts';
import { useMe } from './use-me.ts';

/** Whether the organization lets who is signed in do something; the server asks as well. */
export function useMay(permission: Permission): boolean {
  return !useMe().person.mayNot.includes(permission);
}

import { randomBytes } from 'node:crypto';
import type { Instance } from '../instance.ts';
import { formatDate } from '../query/script-value.ts';
import type { Values } from '../tables/row-store.ts';

export function newSysId(): string {
  return randomBytes(16).toString('hex');
}

/** What the instance notes of a new record. */
export function stamp(instance: Instance, userName: string): Values {
  const moment = formatDate(instance.now());
  return {
    sys_created_on: moment,
    sys_updated_on: moment,
    sys_created_by: userName,
    sys_updated_by: userName,
    sys_mod_count: '0',
    sys_tags: '',
  };
}

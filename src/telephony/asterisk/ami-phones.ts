import { LinkError } from '../link-error.ts';
import type { AmiConnection } from './ami-connection.ts';
import type { ActionFields } from './ami-action.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { readChannelName } from './channel-name.ts';

/** Extension -> how the phone system dials its phone, such as `PJSIP/101`. */
export type Phones = ReadonlyMap<string, string>;

const extensionsAtMost = 10_000;

/**
 * The phones that this Asterisk knows: from its device states, hints and queue members, whichever may be read. PJSIP is preferred
 * where an extension has several.
 */
export async function findPhones(
  connection: AmiConnection,
  trunks: readonly string[],
): Promise<Phones> {
  const states = await listed(connection, { Action: 'DeviceStateList' });
  const hints = await listed(connection, { Action: 'ExtensionStateList' });
  const queues = await listed(connection, { Action: 'QueueStatus' });
  const devices = [
    ...states.map((message) => valueOf(message, 'Device')),
    ...hints.flatMap((message) => valueOf(message, 'Hint').split(/[&,]/)),
    ...queues.map((message) => valueOf(message, 'StateInterface')),
  ];
  const phones = new Map<string, string>();
  for (const device of devices.toSorted(byTechnology)) {
    const type = readChannelName(`${device}-00000000`, trunks);
    if (type.kind !== 'phone' || !/^[0-9*#]{1,16}$/.test(type.extension)) continue;
    if (!phones.has(type.extension) && phones.size < extensionsAtMost)
      phones.set(type.extension, device);
  }
  return phones;
}

/** A list that may not be read, or that this Asterisk does not have, is empty. */
async function listed(connection: AmiConnection, action: ActionFields): Promise<AmiMessage[]> {
  try {
    return await connection.list(action);
  } catch (error) {
    if (error instanceof LinkError && error.code === 'timeout') return [];
    throw error;
  }
}

function byTechnology(a: string, b: string): number {
  return Number(b.startsWith('PJSIP/')) - Number(a.startsWith('PJSIP/')) || (a < b ? -1 : 1);
}

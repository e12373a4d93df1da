import { readObject, type SignedInRequest } from '../http/instance-request.ts';
import { errorReply, noRecord, noResource, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { readInput } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/write-record.ts';
import { methodNotSupported } from './table-api.ts';

/** The base system's own voice API, `POST /api/now/v1/cs/voice-interactions` and `PATCH …/{id}/state`, §2.6. */
export function csVoiceApi(
  instance: Instance,
  request: SignedInRequest,
  id: string | undefined,
  part: string | undefined,
): Reply {
  const table = instance.database.tables.get('interaction')!;
  const body = readObject(request);
  if (id === undefined) {
    if (request.method !== 'POST') return methodNotSupported(request);
    const { agentId, callerPhoneNumber, userId, inboundId } = body;
    if (typeof userId !== 'string' || userId === '')
      return errorReply(400, 'Invalid request', 'userId is mandatory');
    const values = {
      type: 'phone',
      assigned_to: agentId,
      caller_phone_number: callerPhoneNumber ?? userId,
      external_id: inboundId,
    };
    const { store, row } = createRecord(
      instance,
      table,
      readInput(instance, table, values, false),
      request.user.userName,
    );
    return resultReply(200, { interactionId: store.value(row, 'sys_id') });
  }
  const found = instance.database.find('interaction', id);
  if (!found) return noRecord();
  if (part !== 'state' || request.method !== 'PATCH') return noResource(request.path);
  updateRecord(
    instance,
    found,
    readInput(instance, table, { state: body['state'] }, false),
    request.user.userName,
  );
  return resultReply(200, 'Success');
}

/** `POST /api/now/interaction`: only channel fields are taken, everything else is ignored although the answer is 201 (§2.6). */
export function interactionManagementApi(instance: Instance, request: SignedInRequest): Reply {
  if (request.method !== 'POST') return methodNotSupported(request);
  const table = instance.database.tables.get('interaction')!;
  const taken = Object.entries(readObject(request)).filter(([name]) =>
    name.startsWith('channel_metadata_'),
  );
  const { store, row } = createRecord(
    instance,
    table,
    readInput(instance, table, Object.fromEntries(taken), false),
    request.user.userName,
  );
  return resultReply(201, {
    sys_id: store.value(row, 'sys_id'),
    number: store.value(row, 'number'),
  });
}

import { checkAccess, checkWrite } from '../faults/access.ts';
import { checkCustomRules, lostAnswer } from '../faults/writes.ts';
import { readObject, type SignedInRequest } from '../http/instance-request.ts';
import { errorReply, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { readInput } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/write-record.ts';
import type { RowRef } from '../tables/database.ts';
import { methodNotSupported } from './table-api.ts';

type Body = Record<string, unknown>;

/**
 * `POST /api/now/openframe/voice-interaction` and `PATCH …/{sys_id}`, §2.6: interaction, phone log and related records in one call. Answers 200, also to the
 * POST, with SUCCESS or FAILURE.
 */
export function voiceInteractionApi(
  instance: Instance,
  request: SignedInRequest,
  sysId: string | undefined,
): Reply {
  checkAccess(instance, instance.database.tables.get('interaction')!, request.user);
  const body = readObject(request);
  const values = interactionValues(body);
  if (sysId === undefined) {
    if (request.method !== 'POST') return methodNotSupported(request);
    if (!asText(asBody(body['interaction'])['userPhoneNumber'])) {
      return errorReply(400, 'Invalid request', 'interaction.userPhoneNumber is mandatory');
    }
    const row = write(instance, request, 'interaction', { type: 'phone', ...values });
    addDetails(instance, request, row, body);
    const { store } = row;
    const result = {
      status: 'SUCCESS',
      sysId: store.value(row.row, 'sys_id'),
      number: store.value(row.row, 'number'),
    };
    return lostAnswer(instance, request.path, 'interaction', resultReply(200, result));
  }
  if (request.method !== 'PATCH') return methodNotSupported(request);
  const row = instance.database.find('interaction', sysId);
  if (!row) return resultReply(200, { status: 'FAILURE' });
  updateRecord(
    instance,
    row,
    readInput(instance, row.store.table, values, false),
    request.user.userName,
  );
  addDetails(instance, request, row, body);
  return lostAnswer(instance, request.path, 'interaction', resultReply(200, { status: 'SUCCESS' }));
}

function interactionValues(body: Body): Body {
  const interaction = asBody(body['interaction']);
  const caller =
    asText(interaction['callbackPhoneNumber']) || asText(interaction['userPhoneNumber']);
  return {
    ...asBody(body['interactionContext']),
    ...asBody(interaction['additionalParams']),
    ...(caller === '' ? {} : { caller_phone_number: caller }),
    ...(asText(interaction['inboundId']) === '' ? {} : { external_id: interaction['inboundId'] }),
  };
}

function addDetails(
  instance: Instance,
  request: SignedInRequest,
  interaction: RowRef,
  body: Body,
): void {
  const { store, row } = interaction;
  const sysId = store.value(row, 'sys_id');
  for (const log of asList(body['phoneLogs'])) {
    const made = write(instance, request, 'sn_openframe_phone_log', {
      phone_number: store.value(row, 'caller_phone_number'),
      agent: request.user.sysId,
      interaction: sysId,
      ...log,
    });
    // the interaction points at its phone log
    const logId = made.store.value(made.row, 'sys_id');
    store.change(row, {
      channel_metadata_table: 'sn_openframe_phone_log',
      channel_metadata_document: logId,
    });
  }
  for (const related of asList(body['relatedRecords'])) {
    write(instance, request, 'interaction_related_record', {
      interaction: sysId,
      document_table: related['documentTable'],
      document_id: related['documentId'],
      type: 'task',
    });
  }
}

function write(
  instance: Instance,
  request: SignedInRequest,
  tableName: string,
  values: Body,
): RowRef {
  const table = instance.database.tables.get(tableName)!;
  checkWrite(instance, table, 'Insert');
  return createRecord(
    instance,
    table,
    readInput(instance, table, values, false),
    request.user.userName,
    (row) => checkCustomRules(instance, table, row),
  );
}

function asBody(value: unknown): Body {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Body)
    : {};
}

function asList(value: unknown): Body[] {
  return Array.isArray(value) ? value.map(asBody) : [];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import { createHash } from 'node:crypto';
import { maySee } from '../faults/access.ts';
import { findsNothing, queryContext } from '../faults/query-policy.ts';
import { parameter, wholeNumber, type SignedInRequest } from '../http/instance-request.ts';
import { emptyReply, errorReply, noRecord, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { findRows } from '../query/find-rows.ts';
import { parseQuery } from '../query/parse-query.ts';
import { createRecord, deleteRecord } from '../records/write-record.ts';
import type { RowRef } from '../tables/database.ts';
import { readMultipart } from './multipart.ts';
import { plainRow, type PlainRow } from './plain-row.ts';
import { methodNotSupported } from './table-api.ts';

interface Upload {
  table: string;
  sysId: string;
  name: string;
  type: string;
  content: Buffer;
}

/** `/api/now/attachment…`, §2.3. */
export function attachmentApi(
  instance: Instance,
  request: SignedInRequest,
  first: string | undefined,
  second: string | undefined,
): Reply {
  const { method } = request;
  if (method === 'POST' && first === 'file')
    return store(instance, request, fromParameters(request));
  if (method === 'POST' && first === 'upload') return store(instance, request, fromForm(request));
  if (first === undefined)
    return method === 'GET' ? list(instance, request) : methodNotSupported(request);
  const found = instance.database.find('sys_attachment', first);
  if (!found || !maySee(instance, found)) return noRecord();
  if (method === 'DELETE') {
    instance.files.delete(first);
    deleteRecord(instance, found, request.user.userName);
    return emptyReply(204);
  }
  if (method !== 'GET' && method !== 'HEAD') return methodNotSupported(request);
  if (second !== 'file') return resultReply(200, present(instance, found));
  const content = instance.files.get(first) ?? Buffer.alloc(0);
  const headers = {
    'Content-Type': found.store.value(found.row, 'content_type'),
    'X-Attachment-Metadata': JSON.stringify(present(instance, found)),
  };
  return { status: 200, headers, body: content };
}

function fromParameters(request: SignedInRequest): Upload | string {
  const type = request.headers['content-type'];
  if (type === undefined) return 'Content-Type is mandatory';
  const upload = {
    table: parameter(request, 'table_name'),
    sysId: parameter(request, 'table_sys_id'),
    name: parameter(request, 'file_name'),
    type,
    content: request.body,
  };
  return checked(upload);
}

/** The file has to be the last part of the form. */
function fromForm(request: SignedInRequest): Upload | string {
  const parts = readMultipart(request.headers['content-type'] ?? '', request.body);
  const file = parts.at(-1);
  if (!file?.fileName) return 'The last part of the form has to be the file';
  const text = (name: string): string =>
    parts.find((part) => part.name === name)?.content.toString('utf8') ?? '';
  return checked({
    table: text('table_name'),
    sysId: text('table_sys_id'),
    name: file.fileName,
    type: file.type,
    content: file.content,
  });
}

function checked(upload: Upload): Upload | string {
  for (const [name, value] of [
    ['table_name', upload.table],
    ['table_sys_id', upload.sysId],
    ['file_name', upload.name],
  ] as const) {
    if (value === '') return `Missing parameter ${name}`;
  }
  return upload;
}

function store(instance: Instance, request: SignedInRequest, upload: Upload | string): Reply {
  if (typeof upload === 'string') return errorReply(400, 'Invalid request', upload);
  const { table, sysId, name, type, content } = upload;
  const target = instance.database.tables.has(table) ? instance.database.find(table, sysId) : null;
  if (!target) return noRecord();
  const size = String(content.length);
  const values = {
    table_name: table,
    table_sys_id: sysId,
    file_name: name,
    content_type: type,
    size_bytes: size,
    size_compressed: size,
    compressed: 'true',
    state: 'available',
    hash: createHash('sha256').update(content).digest('hex'),
  };
  const attachments = instance.database.tables.get('sys_attachment')!;
  const row = createRecord(instance, attachments, { values, notes: {} }, request.user.userName);
  const id = row.store.value(row.row, 'sys_id');
  instance.files.set(id, content);
  return resultReply(201, present(instance, row), {
    Location: `${instance.baseUrl}/api/now/attachment/${id}`,
  });
}

function list(instance: Instance, request: SignedInRequest): Reply {
  const table = instance.database.tables.get('sys_attachment')!;
  const found = findRows(
    table,
    parseQuery(parameter(request, 'sysparm_query')),
    queryContext(instance, request.user),
  );
  const nothing = findsNothing(instance, found.problems);
  const rows = nothing
    ? []
    : found.page(
        wholeNumber(request, 'sysparm_offset', 0),
        wholeNumber(request, 'sysparm_limit', 1000),
      );
  return resultReply(
    200,
    rows.map((row) => present(instance, row)),
    { 'X-Total-Count': String(nothing ? 0 : found.total()) },
  );
}

function present(instance: Instance, row: RowRef): PlainRow {
  const id = row.store.value(row.row, 'sys_id');
  return {
    ...plainRow(instance, row, null, false),
    download_link: `${instance.baseUrl}/api/now/attachment/${id}/file`,
  };
}

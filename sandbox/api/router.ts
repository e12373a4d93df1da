import { checkAccess, isInstalled } from '../faults/access.ts';
import type { SignedInRequest } from '../http/instance-request.ts';
import { noResource, Refused, resultReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { tableApi } from './table-api.ts';

/** Finds the API that a path belongs to. */
export function answerApi(instance: Instance, request: SignedInRequest): Reply {
  try {
    return route(instance, request);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function route(instance: Instance, request: SignedInRequest): Reply {
  const parts = request.path.split('/').filter(Boolean).map(decode);
  const [api, scope, ...rest] = parts;
  if (api !== 'api' || scope === undefined) return noResource(request.path);
  const version = /^v\d$/.test(rest[0] ?? '') ? rest.shift()! : '';
  const [resource = '', first, second] = rest;
  if (scope === 'now' && resource === 'table' && first !== undefined && rest.length <= 3) {
    return tableApi(instance, request, version, first, second ?? null);
  }
  if (
    scope === 'sn_customerservice' &&
    resource === 'case' &&
    first === undefined &&
    request.method === 'GET'
  ) {
    const table = instance.database.tables.get('sn_customerservice_case')!;
    if (isInstalled(instance, table)) {
      checkAccess(instance, table, request.user);
      return resultReply(200, []);
    }
  }
  return noResource(request.path);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

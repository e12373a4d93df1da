import { checkAccess, isInstalled } from '../faults/access.ts';
import type { SignedInRequest } from '../http/instance-request.ts';
import { errorReply, noResource, Refused, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import { attachmentApi } from './attachment-api.ts';
import { batchApi } from './batch.ts';
import { caseApi } from './case-api.ts';
import { csVoiceApi, interactionManagementApi } from './cs-voice-api.ts';
import { peopleApi, peopleResources } from './people-api.ts';
import { statsApi } from './stats.ts';
import { tableApi } from './table-api.ts';
import { voiceInteractionApi } from './voice-interaction.ts';

/** Finds the API that a path belongs to, and turns refusals on the way into answers. */
export function answerApi(instance: Instance, request: SignedInRequest): Reply {
  try {
    return route(instance, request) ?? noResource(request.path);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function route(instance: Instance, request: SignedInRequest): Reply | null {
  const [, scope, ...rest] = request.path.split('/').filter(Boolean).map(decode);
  const version = /^v\d$/.test(rest[0] ?? '') ? rest.shift()! : '';
  if (scope === 'now') return routeNow(instance, request, version, rest);
  if (scope === 'sn_customerservice' && rest[0] === 'case') {
    const table = instance.database.tables.get('sn_customerservice_case')!;
    if (!isInstalled(instance, table)) return null;
    checkAccess(instance, table, request.user);
    return caseApi(instance, request, rest.slice(1));
  }
  if (scope === 'global' && rest[0] === 'user_role_inheritance')
    return errorReply(403, 'User Not Authorized', 'Failed API level ACL Validation');
  return null;
}

function routeNow(
  instance: Instance,
  request: SignedInRequest,
  version: string,
  rest: readonly string[],
): Reply | null {
  const [resource = '', first, second, third] = rest;
  const has = (table: string): boolean =>
    isInstalled(instance, instance.database.tables.get(table)!);
  switch (resource) {
    case 'table':
      return first === undefined || rest.length > 3
        ? null
        : tableApi(instance, request, version, first, second ?? null);
    case 'stats':
      return first === undefined ? null : statsApi(instance, request, first);
    case 'batch':
      return request.method === 'POST'
        ? batchApi(request, (inner) => answerApi(instance, inner))
        : null;
    case 'attachment':
      return attachmentApi(instance, request, first, second);
    case 'openframe':
      return first === 'voice-interaction' && has('sn_openframe_phone_log')
        ? voiceInteractionApi(instance, request, second)
        : null;
    case 'cs':
      return first === 'voice-interactions' && has('interaction')
        ? csVoiceApi(instance, request, second, third)
        : null;
    case 'interaction':
      return has('interaction') && first === undefined
        ? interactionManagementApi(instance, request)
        : null;
    default:
      return resource in peopleResources && has(peopleResources[resource]!)
        ? peopleApi(instance, request, resource, first)
        : null;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

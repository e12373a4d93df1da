import { faultCatalogue } from '../faults/catalogue.ts';
import { readObject, type InstanceRequest } from '../http/instance-request.ts';
import { emptyReply, errorReply, jsonReply, Refused, type Reply } from '../http/reply.ts';
import type { RequestLog } from '../http/request-log.ts';
import type { Tokens } from '../http/tokens.ts';
import type { Instance } from '../instance.ts';

/**
 * `/__sandbox/…`, only from the same machine, without sign-in: what no real instance has.
 * `GET faults`, `PUT faults {"faults":[…]}`, `POST faults {"fault":"NAME:ARG"}`, `DELETE faults[/NAME]`, `GET requests`, `DELETE requests`,
 * `DELETE tokens` (ends every OAuth access token).
 */
export function answerControl(
  { instance, requests, tokens }: { instance: Instance; requests: RequestLog; tokens: Tokens },
  request: InstanceRequest,
  peer: string,
): Reply {
  if (!/^(::ffff:)?127\.|^::1$/.test(peer))
    return errorReply(403, 'The controls of the sandbox can only be used on its own machine', null);
  const [, what = '', name = ''] = request.path.split('/').filter(Boolean);
  try {
    if (what === 'faults') return answerFaults(instance, request, name);
    if (what === 'tokens' && request.method === 'DELETE') {
      tokens.expire();
      return emptyReply(204);
    }
    if (what === 'requests') {
      if (request.method === 'DELETE') requests.clear();
      return jsonReply(200, { inFlight: requests.inFlight(), requests: requests.list() });
    }
    return jsonReply(200, {
      url: instance.baseUrl,
      contacts: instance.company.contacts.count,
      seed: instance.company.seed,
      catalogue: faultCatalogue,
    });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    if (error instanceof RangeError) return errorReply(400, error.message, null);
    throw error;
  }
}

function answerFaults({ faults }: Instance, request: InstanceRequest, name: string): Reply {
  switch (request.method) {
    case 'PUT': {
      const { faults: texts } = readObject(request);
      if (!Array.isArray(texts)) throw new RangeError('Give {"faults": ["NAME:ARG", …]}.');
      faults.set(texts.map(String));
      break;
    }
    case 'POST':
      faults.add(asText(readObject(request)['fault']));
      break;
    case 'DELETE':
      if (name === '') faults.clear();
      else faults.remove(name);
      return emptyReply(204);
    default:
  }
  return jsonReply(200, { faults: faults.list() });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

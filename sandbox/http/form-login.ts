import type { Instance } from '../instance.ts';
import { parameter, type InstanceRequest } from './instance-request.ts';
import { errorReply, jsonReply, type Reply } from './reply.ts';
import type { Sessions } from './sessions.ts';

/**
 * The login of the pages, as ServiceNow's own command-line tool uses it. The form posted to
 * `/angular.do?sysparm_type=view_form.login` opens a session; `…=get_user` answers a session with 401 and its token in a
 * header, and anybody else with 200. Users that are for programs cannot come in here. Null for any other request.
 */
export function formLogin(
  instance: Instance,
  sessions: Sessions,
  sessionId: string,
  request: InstanceRequest,
): Reply | null {
  if (request.path !== '/angular.do' || request.method !== 'POST') return null;
  const type = parameter(request, 'sysparm_type');
  if (type === 'get_user') {
    const token = sessions.tokenOf(sessionId);
    if (token === null) return jsonReply(200, { user_name: 'guest' });
    return errorReply(401, 'User Not Authenticated', 'Required to provide Auth information', {
      'X-UserToken-Response': token,
    });
  }
  if (type !== 'view_form.login') return null;
  const form = new URLSearchParams(request.body.toString('utf8'));
  const userName = form.get('user_name') ?? '';
  const user = instance.findUser(userName);
  const says = (field: string): boolean =>
    user !== null && user.store.value(user.row, field) === 'true';
  const right = user !== null && instance.credentials.get(userName) === form.get('user_password');
  if (!right || !says('active') || says('locked_out') || says('web_service_access_only')) {
    return jsonReply(200, { status: 'error', message: 'User name or password invalid' });
  }
  sessions.open(sessionId, userName, true);
  return jsonReply(200, { status: 'success', message: 'Login successful' });
}

import { answerApi } from '../api/router.ts';
import { faultPage } from '../faults/pages.ts';
import type { Instance } from '../instance.ts';
import { loginPage } from '../pages/instance-pages.ts';
import { recordPage } from '../pages/record-page.ts';
import { cookie, instanceHeaders, newSessionId } from './headers.ts';
import type { InstanceRequest } from './instance-request.ts';
import { errorReply, htmlReply, type Reply } from './reply.ts';
import { signIn, type Sessions } from './sign-in.ts';

/** Answers one request: what stands in front of the instance, then sign-in, then the API. */
export async function answer(
  instance: Instance,
  sessions: Sessions,
  request: InstanceRequest,
): Promise<Reply> {
  const known = cookie(request.headers.cookie, 'JSESSIONID');
  const sessionId = known !== null && /^[0-9A-F]{32}$/.test(known) ? known : newSessionId();
  const dressed = (reply: Reply, signedIn: boolean | null): Reply => ({
    ...reply,
    headers: { ...instanceHeaders(request.transaction, sessionId, signedIn), ...reply.headers },
  });
  const page = faultPage(instance, request.path);
  if (page) return dressed(page, null);
  if (!request.path.startsWith('/api/'))
    return dressed(recordPage(instance, request) ?? htmlReply(200, loginPage), null);
  const signedIn = signIn(instance, sessions, sessionId, request);
  if ('status' in signedIn) return dressed(signedIn, null);
  const accept = request.headers.accept ?? '*/*';
  if (!/json|xml|\*\/\*|application\/\*/i.test(accept))
    return dressed(errorReply(406, 'Not acceptable', `Accept ${accept} is not supported`), true);
  return dressed(answerApi(instance, signedIn), true);
}

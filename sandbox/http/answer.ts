import { setTimeout as sleep } from 'node:timers/promises';
import { answerApi } from '../api/router.ts';
import { createLimits, semaphoreFull } from '../faults/limits.ts';
import { faultPage } from '../faults/pages.ts';
import { createSessionQueue } from '../faults/session-queue.ts';
import type { Instance } from '../instance.ts';
import { loginPage } from '../pages/instance-pages.ts';
import { recordPage } from '../pages/record-page.ts';
import { cookie, instanceHeaders, newSessionId } from './headers.ts';
import type { InstanceRequest } from './instance-request.ts';
import { emptyReply, errorReply, htmlReply, type Reply } from './reply.ts';
import { formLogin } from './form-login.ts';
import { createSessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import { createTokens, type Tokens } from './tokens.ts';

export interface Answerer {
  answer(request: InstanceRequest, underWay: number): Promise<Reply>;
  tokens: Tokens;
}

/** Answers requests: what stands in front of the instance, then session, sign-in, limits, and then the API. */
export function createAnswerer(instance: Instance): Answerer {
  const tokens = createTokens(instance);
  const sessions = createSessions();
  const signIn = createSignIn(instance, tokens, sessions);
  const queue = createSessionQueue();
  const limits = createLimits(instance);

  async function answer(request: InstanceRequest, underWay: number): Promise<Reply> {
    const { path } = request;
    const known = cookie(request.headers.cookie, 'JSESSIONID');
    const sessionId = known !== null && /^[0-9A-F]{32}$/.test(known) ? known : newSessionId();
    const dressed = (reply: Reply, signedIn: boolean | null = null): Reply => ({
      ...reply,
      headers: { ...instanceHeaders(request.transaction, sessionId, signedIn), ...reply.headers },
    });
    const page = faultPage(instance, path);
    if (page) return dressed(page);
    if (path === '/oauth_token.do') return dressed(tokens.answer(request));
    if (!path.startsWith('/api/')) {
      const form = formLogin(instance, sessions, sessionId, request);
      return dressed(form ?? recordPage(instance, request) ?? htmlReply(200, loginPage));
    }
    const leave = known === null ? () => {} : await queue.enter(sessionId);
    if (leave === null || instance.faults.happens('crowded', path) !== null)
      return dressed(emptyReply(202));
    try {
      const latency = instance.faults.happens('latency', path);
      if (latency !== null) await sleep(Number(latency));
      const full = semaphoreFull(instance, path, underWay);
      return full ? dressed(full) : answerSignedIn(request, sessionId, dressed);
    } finally {
      leave();
    }
  }

  function answerSignedIn(
    request: InstanceRequest,
    sessionId: string,
    dressed: (reply: Reply, signedIn?: boolean) => Reply,
  ): Reply {
    const signedIn = signIn.identify(request, sessionId);
    if ('status' in signedIn) return dressed(signedIn);
    const counted = limits.count(signedIn.user.userName, request.path);
    if ('denied' in counted) return dressed(counted.denied, true);
    const accept = request.headers.accept ?? '*/*';
    const reply = /json|\*\/\*|application\/\*/i.test(accept)
      ? answerApi(instance, signedIn)
      : errorReply(406, 'Not acceptable', `Accept ${accept} is not supported`);
    return dressed({ ...reply, headers: { ...counted.headers, ...reply.headers } }, true);
  }

  return { answer, tokens };
}

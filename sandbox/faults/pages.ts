import { htmlReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import {
  gatewayPage,
  hibernatingPage,
  loginPage,
  maintenancePage,
  strangerPage,
} from '../pages/instance-pages.ts';

/** Faults that answer with a page whatever was asked. */
export function faultPage(instance: Instance, path: string): Reply | null {
  const happens = (name: string): boolean => instance.faults.happens(name, path) !== null;
  if (happens('hibernating')) return htmlReply(200, hibernatingPage);
  if (happens('maintenance')) return htmlReply(503, maintenancePage);
  if (happens('login-page')) return htmlReply(200, loginPage);
  if (happens('login-redirect') && path !== '/login.do') {
    return htmlReply(302, '', { Location: `${instance.baseUrl}/login.do` });
  }
  if (happens('not-servicenow')) return htmlReply(404, strangerPage, { Server: 'Apache' });
  if (happens('bad-gateway')) return htmlReply(502, gatewayPage);
  return null;
}

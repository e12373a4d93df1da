import { createOrganization, setUp } from '../../src/organization/set-up.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Log } from '../../src/platform/log.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';

const password = 'a fence with two sides';

export interface Organization {
  id: string;
  /** Cookies by role. */
  sessions: Record<'administrator' | 'supervisor' | 'agent', string>;
}

/** A hub with two organizations that know nothing of each other, somebody of every role signed in to both. */
export async function startOrganizations(log?: Log) {
  // Each request may come from an address of its own, so that no limit on requests gets in the way.
  const hub = await startTestHub(
    { RINGSIDE_TRUST_PROXY: 'true' },
    { web: false, ...(log === undefined ? {} : { log }) },
  );
  const ours = await makeOrganization(hub, 'Ours', setUp);
  const theirs = await makeOrganization(hub, 'Theirs', createOrganization);
  return { hub, ours, theirs };
}

async function makeOrganization(
  { url, db }: TestHub,
  name: string,
  make: typeof setUp,
): Promise<Organization> {
  const email = `administrator@${name.toLowerCase()}.example`;
  const { organizationId } = await make(
    { db, clock: systemClock },
    {
      organizationName: name,
      country: 'DE',
      timeZone: 'UTC',
      name: 'Grace Admin',
      email,
      password,
    },
  );
  const administrator = await post(url, '/api/auth/sign-in/email', { email, password });
  const session = cookieOf(administrator);
  const invited = async (role: 'supervisor' | 'agent') => {
    const person = {
      name: `${role} of ${name}`,
      email: `${role}@${name.toLowerCase()}.example`,
      role,
      plan: 'Enterprise',
      extension: role === 'agent' ? '101' : '102',
    };
    const answer = await post(url, '/api/v1/people', person, session);
    const { invitationUrl } = (await answer.json()) as { invitationUrl: string };
    const token = new URL(invitationUrl).pathname.split('/').at(-1);
    return cookieOf(await post(url, `/api/v1/invitations/${token}`, { password }));
  };
  const [supervisor, agent] = await Promise.all([invited('supervisor'), invited('agent')]);
  return { id: organizationId, sessions: { administrator: session, supervisor, agent } };
}

async function post(url: string, path: string, body: object, cookie = ''): Promise<Response> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}

import { createHash } from 'node:crypto';
import { cleanText } from '../../platform/text.ts';
import { LinkError } from '../link-error.ts';
import type { ActionFields } from './ami-action.ts';
import type { AmiConnection } from './ami-connection.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';

export interface AmiLogin {
  username: string;
  secret: string;
  /** `plain` sends the secret itself. */
  method: 'md5' | 'plain';
}

/** Signs in and asks for events. Throws LinkError `unauthorized` when the phone system says no. */
export async function signIn(connection: AmiConnection, login: AmiLogin): Promise<void> {
  const { username } = login;
  const proof: ActionFields =
    login.method === 'plain'
      ? { Secret: login.secret }
      : { AuthType: 'MD5', Key: await keyFor(connection, login.secret) };
  const answer = await connection.action({
    Action: 'Login',
    Username: username,
    ...proof,
    Events: 'on',
  });
  if (valueOf(answer, 'Response') !== 'Success') throw refused(username, answer);
}

/** The secret itself never travels: a hash of it and of a word that the phone system just made up. */
async function keyFor(connection: AmiConnection, secret: string): Promise<string> {
  const answer = await connection.action({ Action: 'Challenge', AuthType: 'MD5' });
  const challenge = valueOf(answer, 'Challenge');
  if (challenge === '')
    throw new LinkError(
      'unauthorized',
      `The phone system offers no MD5 sign-in: ${said(answer)}`,
      "Choose 'Plain text' as Sign-in, best together with TLS.",
    );
  return createHash('md5')
    .update(challenge + secret)
    .digest('hex');
}

function refused(username: string, answer: AmiMessage): LinkError {
  return new LinkError(
    'unauthorized',
    `The phone system refuses the manager user '${username}': ${said(answer)}`,
    "Check the user's name and secret in manager.conf, that its permit line lets this machine in, that 'manager reload' was run, and that TLS is used where the user asks for it.",
  );
}

function said(answer: AmiMessage): string {
  return `'${cleanText(valueOf(answer, 'Message'), 120) || 'no reason given'}'.`;
}

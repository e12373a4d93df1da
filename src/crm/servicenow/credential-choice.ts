import type { Settings } from '../port.ts';
import { apiKeyCredential, basicCredential } from './credential.ts';
import type { Credential } from './credential.ts';
import { oauthCredential } from './oauth.ts';

/** The credential that the settings name; Basic where they name none. */
export function credentialOf(settings: Settings, secrets: Settings): Credential {
  const { username = '', clientId = '' } = settings;
  const { password = '', clientSecret = '', apiKey = '' } = secrets;
  switch (settings['authentication']) {
    case 'oauth-client':
      return oauthCredential({ clientId, clientSecret });
    case 'oauth-password':
      return oauthCredential({ clientId, clientSecret, user: { username, password } });
    case 'api-key':
      return apiKeyCredential(apiKey);
    default:
      return basicCredential(username, password);
  }
}

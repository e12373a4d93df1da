import { z } from 'zod';
import type { ParsedSettings, SettingField, SettingNote } from '../port.ts';
import { isShown } from '../../platform/setting-field.ts';
import { readBaseUrl } from './base-url.ts';
import { callLogWays } from './call-log-facts.ts';
import { linkStyles } from './link.ts';

/** What the schema below says about each field, beside its type. */
type FieldMeta = Omit<SettingField, 'name' | 'required'>;

const field = (meta: FieldMeta) => z.string().meta({ ...meta });

const signIns = [
  { value: 'basic', label: 'User name and password (Basic)' },
  { value: 'oauth-client', label: 'OAuth 2.0, client credentials' },
  { value: 'oauth-password', label: 'OAuth 2.0, password' },
  { value: 'api-key', label: 'API key' },
];
const only = (...values: string[]) => ({ showWhen: { field: 'authentication', values } });
const withUser = only('basic', 'oauth-password');
const withClient = only('oauth-client', 'oauth-password');

/**
 * The ServiceNow connection form. Form, validation, help and the split into settings and secrets all come from this one
 * description; the titles are the names on the screen.
 */
const settingsSchema = z.strictObject({
  authentication: field({
    title: 'Sign in with',
    help: "Basic works with every instance. Newer instances let it pass only for users with 'Web service access only' or the role snc_basic_auth_api_access (Basic Auth Restriction), and ServiceNow means to give it up one day: then use OAuth 2.0 with client credentials.",
    kind: 'choice',
    placeholder: '',
    choices: signIns,
  }),
  username: field({
    title: 'CRM Username',
    help: "The 'User ID' of the ServiceNow user that Ringside signs in as. Best a user of its own with 'Web service access only' ticked and the roles named above.",
    kind: 'text',
    placeholder: 'ringside.integration',
    ...withUser,
  }),
  password: field({
    title: 'CRM Password',
    help: 'The password of that user. It is stored encrypted and never shown again; leave it empty to keep the stored one.',
    kind: 'secret',
    placeholder: '',
    ...withUser,
  }),
  clientId: field({
    title: 'Client ID',
    help: "Of an 'OAuth API endpoint for external clients' under System OAuth > Application Registry. For client credentials set its 'OAuth Application User' to Ringside's user.",
    kind: 'text',
    placeholder: '',
    ...withClient,
  }),
  clientSecret: field({
    title: 'Client Secret',
    help: 'The Client Secret of the same record. It is stored encrypted and never shown again; leave it empty to keep the stored one.',
    kind: 'secret',
    placeholder: '',
    ...withClient,
  }),
  apiKey: field({
    title: 'API Key',
    help: "Of System Web Services > API Access Policies > REST API Key, for Ringside's user. A REST API access policy must admit keys on the Table API, the Aggregate API and the Case API. It is stored encrypted and never shown again.",
    kind: 'secret',
    placeholder: '',
    ...only('api-key'),
  }),
  endpoint: field({
    title: 'Endpoint',
    help: "The base URL that Ringside calls: https://, the host name of your instance, and a final '/'.",
    kind: 'url',
    placeholder: 'https://acme.service-now.com/',
  }),
  detailsLink: field({
    title: 'CRM Details Link',
    help: "The base URL that agents' browsers open records with. The same as the Endpoint unless your agents reach ServiceNow under a custom URL.",
    kind: 'url',
    placeholder: 'https://acme.service-now.com/',
  }),
  linkStyle: field({
    title: 'Open records in',
    help: "What 'Open in ServiceNow' leads to, below the CRM Details Link. The classic form works in every instance; the workspace needs the CSM Configurable Workspace and a role that may use it.",
    kind: 'choice',
    placeholder: '',
    choices: [...linkStyles],
  }),
  logCalls: field({
    title: 'Write calls down as',
    help: 'Every call is written to ServiceNow when it ends. A voice interaction comes with a phone log and needs OpenFrame (plugin com.sn_openframe_store) and the role sn_openframe_api_user; an interaction needs Interaction Management and the role interaction_agent; a work note needs nothing, but only calls that an agent tagged with a case get one. Which calls are written down is set for the whole organization.',
    kind: 'choice',
    placeholder: '',
    choices: [...callLogWays],
  }),
});

type FieldName = keyof typeof settingsSchema.shape;
const names = Object.keys(settingsSchema.shape) as FieldName[];
const metaOf = (name: FieldName): FieldMeta =>
  settingsSchema.shape[name].meta() as unknown as FieldMeta;

export const settingFields: SettingField[] = names.map((name) => ({
  name,
  ...metaOf(name),
  required: metaOf(name).kind !== 'choice',
}));

/** Help at the top of the form. Roles: ServiceNow product documentation, CSM and platform roles; see docs. */
export const guide: string[] = [
  'Customer Service Management (plugin com.sn_customerservice) must be active in the instance.',
  "Make a user for Ringside: User Administration > Users > New, with 'Web service access only' ticked, 'Active' ticked and 'Locked out' not ticked, then 'Set Password'.",
  'Give it these roles (on the user: Roles > Edit): csm_ws_integration and sn_customerservice_agent, sn_customerservice.consumer_agent if you serve consumers, and snc_platform_rest_api_access where REST access rules are active. To read only, sn_customerservice.customer_data_viewer and sn_customerservice.case_viewer are enough for customers, contacts and cases.',
  "A record under Connections & Credentials > Credentials is not a login: ServiceNow uses those records to sign in to other systems. What Ringside needs is a user under User Administration > Users; a 'Basic Auth Credentials' record with the same name and password does no harm and helps nobody.",
  "Newer instances refuse Basic authentication for users who may also sign in to the screen, with the same answer as for a wrong password. 'Web service access only' or the role snc_basic_auth_api_access lets the user through.",
];

const maxText = 255;
const maxSecret = 1024;

/** Checks and mends what was typed; see CrmPlatform.parseSettings. */
export function parseSettings(
  input: Record<string, unknown>,
  storedSecrets: string[],
): ParsedSettings {
  const errors: SettingNote[] = [];
  const notes: SettingNote[] = [];
  const settings: Record<string, string> = {};
  const secrets: Record<string, string> = {};

  const shown = (name: FieldName): boolean => isShown(metaOf(name), settingFields, input);
  for (const unknown of Object.keys(input).filter((key) => !(names as string[]).includes(key))) {
    errors.push({ field: unknown.slice(0, 64), message: 'ServiceNow has no such setting.' });
  }
  for (const name of names.filter(shown)) {
    const { title, kind, choices = [] } = metaOf(name);
    const raw = input[name] ?? '';
    const fail = (message: string): void => void errors.push({ field: name, message });
    if (typeof raw !== 'string') fail(`${title} must be text.`);
    else if (kind === 'choice') {
      if (raw !== '' && !choices.some(({ value }) => value === raw))
        fail(`${title} is one of ${choices.map(({ value }) => value).join(', ')}.`);
      // What is usual stands for itself, as in connections made before there was a choice.
      else if (raw !== '' && raw !== choices[0]?.value) settings[name] = raw;
    } else if (kind === 'url') {
      const url = readBaseUrl(raw);
      if (!url.ok) fail(url.message);
      else {
        settings[name] = url.url;
        for (const message of url.notes) notes.push({ field: name, message });
      }
    } else if (kind === 'secret') {
      const problem = refuseSecret(title, raw, storedSecrets.includes(name));
      if (problem !== null) fail(problem);
      else if (raw !== '') secrets[name] = raw;
      if (raw !== raw.trim())
        notes.push({ field: name, message: 'It begins or ends with a space; kept as typed.' });
    } else {
      const problem = refuseText(title, raw.trim());
      if (problem !== null) fail(problem);
      else settings[name] = raw.trim();
    }
  }
  if (errors.length > 0) return { ok: false, errors };
  const unusedSecrets = storedSecrets.filter((name) => {
    const known = names.find((one) => one === name);
    return known !== undefined && !shown(known);
  });
  const unused = unusedSecrets.length > 0 ? { unusedSecrets } : {};
  return { ok: true, settings, secrets, notes, ...unused };
}

function refuseText(title: string, value: string): string | null {
  if (value === '') return `Enter the ${title}.`;
  if (value.length > maxText) return `${title} has at most ${maxText} characters.`;
  if (/\p{Cc}/u.test(value)) return `${title} holds no control characters.`;
  // The colon separates name and password in Basic authentication (RFC 7617).
  if (value.includes(':')) return `${title} cannot hold a colon.`;
  return null;
}

function refuseSecret(title: string, value: string, stored: boolean): string | null {
  if (value === '') return stored ? null : `Enter the ${title}.`;
  if (value.length > maxSecret) return `${title} has at most ${maxSecret} characters.`;
  if (/\p{Cc}/u.test(value)) return `${title} holds no line breaks or control characters.`;
  return null;
}

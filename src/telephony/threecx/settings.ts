import type { ParsedSettings, SettingField, Settings } from '../../platform/setting-field.ts';
import { readTypedSettings } from '../typed-settings.ts';
import type { FieldRule } from '../typed-settings.ts';

/** The form of a 3CX; its Admin Console > Integrations > API is the place where the answers stand. */
export const threecxFields: SettingField[] = [
  {
    name: 'url',
    title: 'Address',
    help: 'The address of the Admin Console.',
    kind: 'url',
    placeholder: 'https://acme.3cx.eu',
    required: true,
  },
  {
    name: 'clientId',
    title: 'Client ID',
    help: 'The extension number given to the API client made for Ringside; no other program may use it.',
    kind: 'text',
    placeholder: '900',
    required: true,
  },
  {
    name: 'apiKey',
    title: 'API key',
    help: '3CX shows it once, when the client is saved. It is stored encrypted and never shown again; leave it empty to keep the stored one.',
    kind: 'secret',
    placeholder: '',
    required: true,
  },
];

export const threecxGuide: string[] = [
  "3CX v20 with Call Control (an Enterprise licence): Admin Console > Integrations > API > Add. Tick 'Call Control Access' and name every extension and queue to be watched.",
  'Only one token of an API client lives at a time: give Ringside a client of its own. docs/phones/3cx.md has the steps, and the CRM template that shows the name of the caller in 3CX.',
];

/** What is changed of a connection when one of these changes needs the key again. */
export const threecxTarget = ['url'];

const rules: Record<string, FieldRule> = {
  url: {
    mend: (value) => URL.parse(value.includes('://') ? value : `https://${value}`)?.origin ?? value,
    pattern: /^https?:\/\/[\w.-]+(:\d{1,5})?$/,
    message: 'An address begins with https:// and names a host, such as https://acme.3cx.eu.',
  },
  clientId: { pattern: /^[\w.-]{1,64}$/, message: 'A Client ID is made of letters and digits.' },
};

export function parseThreecxSettings(
  input: Record<string, unknown>,
  storedSecrets: readonly string[],
): ParsedSettings {
  return readTypedSettings(threecxFields, rules, input, storedSecrets);
}

/** Settings as the adapter works with them. */
export interface ThreecxSettings {
  /** Without a final '/'. */
  url: string;
  clientId: string;
  apiKey: string;
}

export function threecxSettings(settings: Settings, secrets: Settings): ThreecxSettings {
  return {
    url: settings['url'] ?? '',
    clientId: settings['clientId'] ?? '',
    apiKey: secrets['apiKey'] ?? '',
  };
}

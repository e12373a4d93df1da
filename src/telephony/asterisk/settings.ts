import type { ParsedSettings, SettingField, SettingNote } from '../../platform/setting-field.ts';
import type { Settings } from '../../platform/setting-field.ts';
import type { AmiOptions } from './ami-connection.ts';
import type { AmiLogin } from './ami-sign-in.ts';
import type { TlsMode } from './ami-socket.ts';

/** The form of an Asterisk; manager.conf and the dialplan are the places where the answers stand. */
export const asteriskFields: SettingField[] = [
  {
    name: 'host',
    title: 'Host',
    help: 'Name or address of the phone system, as this machine reaches it.',
    kind: 'text',
    placeholder: 'pbx.example.com',
    required: true,
  },
  {
    name: 'port',
    title: 'Port',
    help: "'port' in manager.conf, usually 5038; with TLS the port of 'tlsbindaddr', usually 5039.",
    kind: 'text',
    placeholder: '5038',
    required: true,
  },
  {
    name: 'tls',
    title: 'Encryption',
    help: 'Without encryption everybody on the way can read who calls whom.',
    kind: 'choice',
    placeholder: '',
    required: true,
    choices: [
      { value: 'no', label: 'None (same machine or private network)' },
      { value: 'yes', label: 'TLS' },
      { value: 'any', label: 'TLS, any certificate' },
    ],
  },
  {
    name: 'username',
    title: 'Manager user',
    help: 'The name in square brackets of the user made for Ringside in manager.conf.',
    kind: 'text',
    placeholder: 'ringside',
    required: true,
  },
  {
    name: 'secret',
    title: 'Secret',
    help: "The user's 'secret'. It is stored encrypted and never shown again; leave it empty to keep the stored one.",
    kind: 'secret',
    placeholder: '',
    required: true,
  },
  {
    name: 'login',
    title: 'Sign-in',
    help: 'With MD5 the secret itself never travels.',
    kind: 'choice',
    placeholder: '',
    required: true,
    choices: [
      { value: 'md5', label: 'MD5 challenge' },
      { value: 'plain', label: 'Plain text' },
    ],
  },
  {
    name: 'trunks',
    title: 'Trunk names',
    help: "The outside lines as Asterisk names them, separated by commas: 'PJSIP/acme-00000001' is the trunk acme. Without them a call from outside looks like one from a phone.",
    kind: 'text',
    placeholder: 'acme, acme-backup',
    required: true,
  },
  {
    name: 'context',
    title: 'Dialling context',
    help: "Where calls placed from the Desk begin: the context of your phones, 'from-internal' on FreePBX.",
    kind: 'text',
    placeholder: 'from-internal',
    required: false,
  },
];

export const asteriskGuide: string[] = [
  'Ringside needs a manager user of its own with the least rights: read = call,agent,cdr and write = originate,call,reporting,agent, and with permit naming only the machine that Ringside runs on.',
  'On FreePBX: Settings > Asterisk Manager Users > Add Manager. On plain Asterisk: manager.conf, then the command manager reload. docs/phones/asterisk.md has both, ready to paste.',
];

/** What is changed of a connection when one of these changes needs the secret again. */
export const asteriskTarget = ['host', 'port', 'tls', 'login'];

/** Checks and mends what was typed; as CrmPlatform.parseSettings. */
export function parseAsteriskSettings(
  input: Record<string, unknown>,
  storedSecrets: readonly string[],
): ParsedSettings {
  const errors: SettingNote[] = [];
  const settings: Settings = {};
  const secrets: Settings = {};
  for (const name of Object.keys(input)) {
    if (!asteriskFields.some((field) => field.name === name))
      errors.push({ field: name.slice(0, 64), message: 'Asterisk has no such setting.' });
  }
  for (const field of asteriskFields) {
    const raw = input[field.name] ?? '';
    const kept = field.kind === 'secret' && storedSecrets.includes(field.name);
    const value = read(field, raw);
    const message = value === null ? `${field.title} must be text.` : problemOf(field, value, kept);
    if (message !== null || value === null)
      errors.push({ field: field.name, message: message ?? '' });
    else if (field.kind !== 'secret') settings[field.name] = value;
    else if (value !== '') secrets[field.name] = value;
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings, secrets, notes: [] };
}

function read(field: SettingField, raw: unknown): string | null {
  if (typeof raw !== 'string') return null;
  if (field.kind === 'secret') return raw;
  const value = raw.trim();
  if (value === '' && field.name === 'port') return '5038';
  if (value === '' && field.name === 'context') return 'from-internal';
  if (value === '' && field.choices) return field.choices[0]?.value ?? '';
  return field.name === 'trunks' ? trunkNames(value).join(', ') : value;
}

function problemOf(field: SettingField, value: string, kept: boolean): string | null {
  if (value === '') return field.required && !kept ? `Enter the ${field.title}.` : null;
  if (value.length > (field.name === 'trunks' ? 2000 : 255)) return `${field.title} is too long.`;
  if (/\p{Cc}/u.test(value)) return `${field.title} holds no line breaks or control characters.`;
  if (field.choices && !field.choices.some((choice) => choice.value === value))
    return `Choose one of ${field.choices.map((choice) => choice.label).join(', ')}.`;
  const rule = rules[field.name];
  return rule && !rule.test(value) ? rule.message : null;
}

const rules: Record<string, { test(value: string): boolean; message: string }> = {
  host: {
    test: (value) => /^[\w.:-]+$/.test(value),
    message: 'A host is a name or an address, without http:// and without the port.',
  },
  port: {
    test: (value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65535,
    message: 'A port is a number from 1 to 65535.',
  },
  context: {
    test: (value) => /^[\w.-]+$/.test(value),
    message: 'A context is made of letters, digits, dots, - and _.',
  },
};

function trunkNames(text: string): string[] {
  const names = text.split(/[,\s]+/).map((name) => name.replace(/^(PJSIP|SIP|IAX2|DAHDI)\//i, ''));
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Settings as the adapter works with them. */
export interface AsteriskSettings {
  address: Pick<AmiOptions, 'host' | 'port' | 'tls'>;
  login: AmiLogin;
  trunks: string[];
  context: string;
}

export function asteriskSettings(settings: Settings, secrets: Settings): AsteriskSettings {
  return {
    address: {
      host: settings['host'] ?? '',
      port: Number(settings['port'] ?? 5038),
      tls: (settings['tls'] ?? 'no') as TlsMode,
    },
    login: {
      username: settings['username'] ?? '',
      secret: secrets['secret'] ?? '',
      method: settings['login'] === 'plain' ? 'plain' : 'md5',
    },
    trunks: trunkNames(settings['trunks'] ?? ''),
    context: settings['context'] ?? 'from-internal',
  };
}

import type { ParsedSettings, SettingField, Settings } from '../../platform/setting-field.ts';
import { hostRule, namesIn, portRule, readTypedSettings } from '../typed-settings.ts';
import type { FieldRule } from '../typed-settings.ts';

/** The form of a FreeSWITCH; event_socket.conf.xml is the place where most answers stand. */
export const freeswitchFields: SettingField[] = [
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
    help: "'listen-port' in event_socket.conf.xml, usually 8021.",
    kind: 'text',
    placeholder: '8021',
    required: true,
  },
  {
    name: 'password',
    title: 'Password',
    help: "'password' in event_socket.conf.xml. It is stored encrypted and never shown again; leave it empty to keep the stored one.",
    kind: 'secret',
    placeholder: '',
    required: true,
  },
  {
    name: 'trunks',
    title: 'Trunk names',
    help: "The outside lines: the gateway's name, or the host or profile that their channels show, separated by commas. Without them a call from outside looks like one from a phone.",
    kind: 'text',
    placeholder: 'acme, 203.0.113.7',
    required: true,
  },
  {
    name: 'domain',
    title: 'Domain of the phones',
    help: 'What stands behind the @ in their addresses; needed to ring a phone for a call placed from the Desk when it is not the default domain.',
    kind: 'text',
    placeholder: 'pbx.example.com',
    required: false,
  },
  {
    name: 'context',
    title: 'Dialling context',
    help: "Where calls placed from the Desk begin: the context of your phones, 'default' on plain FreeSWITCH, the domain's name on FusionPBX.",
    kind: 'text',
    placeholder: 'default',
    required: false,
  },
];

export const freeswitchGuide: string[] = [
  'Ringside connects to the Event Socket (mod_event_socket). It has no encryption and its password opens everything, so let it listen only for this machine: apply-inbound-acl in event_socket.conf.xml.',
  'docs/phones/freeswitch.md has the settings for FreeSWITCH and FusionPBX, ready to paste.',
];

/** What is changed of a connection when one of these changes needs the password again. */
export const freeswitchTarget = ['host', 'port'];

const rules: Record<string, FieldRule> = {
  host: hostRule,
  port: portRule('8021'),
  trunks: { mend: (value) => namesIn(value).join(', ') },
  domain: {
    pattern: /^[\w.-]{1,255}$/,
    message: 'A domain is made of letters, digits, dots and -.',
  },
  context: {
    usual: 'default',
    pattern: /^[\w.-]{1,255}$/,
    message: 'A context is made of letters, digits, dots, - and _.',
  },
};

export function parseFreeswitchSettings(
  input: Record<string, unknown>,
  storedSecrets: readonly string[],
): ParsedSettings {
  return readTypedSettings(freeswitchFields, rules, input, storedSecrets);
}

/** Settings as the adapter works with them. */
export interface FreeswitchSettings {
  address: { host: string; port: number };
  password: string;
  trunks: string[];
  domain: string;
  context: string;
}

export function freeswitchSettings(settings: Settings, secrets: Settings): FreeswitchSettings {
  return {
    address: { host: settings['host'] ?? '', port: Number(settings['port'] ?? 8021) },
    password: secrets['password'] ?? '',
    trunks: namesIn(settings['trunks'] ?? ''),
    domain: settings['domain'] ?? '',
    context: settings['context'] || 'default',
  };
}

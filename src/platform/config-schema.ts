import { z } from 'zod';
import { readAddressList } from './address-list.ts';
import { logLevels } from './log.ts';
import { usualPhoneNetworks } from './outbound.ts';

/**
 * Every setting of a hub: its environment variable, what it means, its default and what a right value looks like. Checks,
 * error texts, `ringside serve --help` and the documentation come from this one description.
 */
export interface SettingInfo {
  help: string;
  /** What a right value looks like: ends the sentence 'It must be …'. */
  mend: string;
  /** How the default reads when it is worked out. */
  defaultText?: string;
  /** The value is never shown, and may come from a file named by `<NAME>_FILE`. */
  secret?: true;
}

function setting<T extends z.ZodType>(schema: T, info: SettingInfo): T {
  return schema.meta({ ...info });
}

const text = z.string().trim().max(1000);

const port = text
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value <= 65_535);

const databaseUrl = text.refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol);
});

const publicUrl = text
  .refine((value) => {
    const url = URL.parse(value);
    if (url === null || !/^https?:$/.test(url.protocol)) return false;
    return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  })
  .transform((value) => new URL(value).origin);

const smtpUrl = text.refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== '';
});

const mailFrom = text.regex(/^([^<>\r\n"]+ <[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/);

const country = text
  .toUpperCase()
  .regex(/^[A-Z]{2}$/)
  .refine(
    (value) =>
      new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(value) !== undefined,
  );

const timeZone = text.refine((value) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
});

const addresses = text.transform((value, context): string[] => {
  if (value === 'none') return [];
  const entries = value.split(',').map((item) => item.trim());
  try {
    readAddressList(entries);
    return entries;
  } catch {
    context.addIssue({ code: 'custom', message: 'not understood' });
    return z.NEVER;
  }
});

const listen = text.transform((value, context): { host: string; port: number } => {
  const match = /^(?:(\[[0-9a-fA-F:]+\]|[\w.-]+):)?(\d{1,5})$/.exec(value);
  if (match !== null && Number(match[2]) <= 65_535)
    return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port: Number(match[2]) };
  context.addIssue({ code: 'custom', message: 'not understood' });
  return z.NEVER;
});

const seconds = (most: number) =>
  text
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .refine((value) => value <= most);

const trustProxy = text.transform((value, context): boolean | number | string[] => {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^\d$/.test(value)) return Number(value);
  const addresses = value.split(',').map((item) => item.trim());
  if (addresses.every((item) => /^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(item))) return addresses;
  context.addIssue({ code: 'custom', message: 'not understood' });
  return z.NEVER;
});

export const configSchema = z.object({
  RINGSIDE_DATA_DIR: setting(text.default('./data'), {
    help: 'Folder of the embedded PostgreSQL and the key file. Made when it is missing.',
    mend: 'the path of a folder',
  }),
  RINGSIDE_HOST: setting(text.regex(/^[\w.:-]+$/).default('127.0.0.1'), {
    help: 'Address to listen on. 0.0.0.0 or :: lets other machines in; put a proxy with TLS before it.',
    mend: 'an IP address or a host name, such as 127.0.0.1 or 0.0.0.0',
  }),
  RINGSIDE_PORT: setting(port.default(4600), {
    help: 'Port to listen on.',
    mend: 'a whole number from 0 to 65535 (0 takes any free port)',
  }),
  RINGSIDE_PUBLIC_URL: setting(publicUrl.optional(), {
    help: 'Where browsers and phone systems reach the hub, when that is not host and port above.',
    mend: 'http:// or https:// and a host, without a path, such as https://ringside.example.com',
    defaultText: 'http://host:port',
  }),
  RINGSIDE_SMTP_URL: setting(smtpUrl.optional(), {
    help: 'Mail server for invitations and new passwords; needs RINGSIDE_MAIL_FROM and RINGSIDE_PUBLIC_URL. Without it administrators copy links.',
    mend: 'smtp://user:password@host:587 (with STARTTLS) or smtps://user:password@host:465; % + and @ in user and password percent-encoded',
    secret: true,
  }),
  RINGSIDE_MAIL_FROM: setting(mailFrom.optional(), {
    help: 'Who mails come from.',
    mend: 'an address such as Ringside <ringside@example.com>',
  }),
  RINGSIDE_TRUST_PROXY: setting(trustProxy.default(false), {
    help: 'Which proxies may say where a request came from (X-Forwarded-For, -Proto).',
    mend: 'true, false, a number of hops, or addresses such as 10.0.0.0/8,192.168.1.7',
  }),
  DATABASE_URL: setting(databaseUrl.optional(), {
    help: 'A PostgreSQL server to use instead of the embedded one.',
    mend: 'postgres://user:password@host:5432/database',
    defaultText: 'embedded PostgreSQL',
    secret: true,
  }),
  RINGSIDE_POSTGRES_BIN: setting(text.optional(), {
    help: 'Folder with the programs postgres and initdb for the embedded PostgreSQL.',
    mend: 'the path of a folder, such as /usr/lib/postgresql/17/bin',
    defaultText: "found on the machine (15 or newer), else npm's",
  }),
  RINGSIDE_KEY_FILE: setting(text.optional(), {
    help: 'File with the key that encrypts stored passwords. Made at the first start; back it up apart from the data.',
    mend: 'the path of a file',
    defaultText: 'ringside.key in the data folder',
  }),
  RINGSIDE_ALLOW_PRIVATE: setting(addresses.optional(), {
    help: 'Private addresses that the hub may call: a ServiceNow, sign-in service or webhook inside your network, on this machine. All others are refused.',
    mend: 'networks, addresses or host names such as 10.1.0.0/16,192.168.1.7,crm.intern.example, or none',
    defaultText: 'this machine, while nobody else reaches the hub',
  }),
  RINGSIDE_PHONE_NETWORKS: setting(addresses.default(usualPhoneNetworks), {
    help: 'Networks besides the public ones in which phone systems may be. Narrow it when you do not trust every organization on this hub with your network.',
    mend: 'networks or addresses such as 10.1.0.0/16,127.0.0.1, or none',
    defaultText: 'private networks and this machine',
  }),
  RINGSIDE_LOG_LEVEL: setting(z.enum(logLevels).default('info'), {
    help: 'How much is logged, as JSON lines on standard error.',
    mend: `one of ${logLevels.join(', ')}`,
  }),
  RINGSIDE_METRICS_LISTEN: setting(listen.optional(), {
    help: 'Address of its own for /metrics, /healthz and /readyz, which the outside does not reach; /metrics is then nowhere else.',
    mend: 'a port, or an address and a port, such as 9464 (of 127.0.0.1) or 10.0.0.5:9464',
    defaultText:
      '/metrics on RINGSIDE_PORT while nobody else reaches the hub, else only with the token',
  }),
  RINGSIDE_METRICS_TOKEN: setting(z.string().min(16).max(500).optional(), {
    help: 'Whoever reads /metrics must send it (Authorization: Bearer …).',
    mend: '16 to 500 characters long',
    secret: true,
  }),
  RINGSIDE_DRAIN_SECONDS: setting(seconds(300).default(0), {
    help: 'How long a hub that is told to stop still serves while /readyz says no, so that a proxy sends nobody else.',
    mend: 'a whole number of seconds from 0 to 300',
  }),
  RINGSIDE_STOP_SECONDS: setting(seconds(3600).default(25), {
    help: 'After so long a stop ends whatever is still going on; other nodes or the next start go on with it.',
    mend: 'a whole number of seconds from 0 to 3600',
  }),
  RINGSIDE_ADMIN_EMAIL: setting(text.toLowerCase().pipe(z.email().max(254)).optional(), {
    help: 'Creates the first administrator at the first start, so that nobody has to visit the set-up page.',
    mend: 'an e-mail address',
  }),
  RINGSIDE_ADMIN_PASSWORD: setting(z.string().min(12).max(128).optional(), {
    help: 'Password of the first administrator.',
    mend: '12 to 128 characters long',
    secret: true,
  }),
  RINGSIDE_ORGANIZATION: setting(text.min(1).max(200).default('My organization'), {
    help: 'Name of the first organization.',
    mend: 'a name of at most 200 characters',
  }),
  RINGSIDE_COUNTRY: setting(country.default('US'), {
    help: 'Country of the first organization; decides how numbers without a country code are read.',
    mend: 'a two-letter country code, such as DE or US',
  }),
  RINGSIDE_TIME_ZONE: setting(timeZone.optional(), {
    help: 'Time zone of the first organization.',
    mend: 'a name of the time zone database, such as Europe/Berlin',
    defaultText: "the machine's",
  }),
  RINGSIDE_PASSWORD: setting(z.string().max(1000).optional(), {
    help: 'Only for `ringside check`: the password of the CRM user.',
    mend: 'at most 1000 characters long',
    secret: true,
  }),
});

export type Environment = Record<string, string | undefined>;
export type SettingName = keyof typeof configSchema.shape;
export const settingNames = Object.keys(configSchema.shape) as SettingName[];

export function settingInfo(name: SettingName): SettingInfo {
  return configSchema.shape[name].meta() as unknown as SettingInfo;
}

import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { z } from 'zod';
import { configSchema, settingInfo, settingNames } from './config-schema.ts';
import type { Environment, SettingName } from './config-schema.ts';
import { didYouMean } from './did-you-mean.ts';
import { RingsideError } from './errors.ts';
import type { FieldError } from './errors.ts';
import type { LogLevel } from './log.ts';
import type { MailSettings } from './mailer.ts';
import type { OutboundRules } from './outbound.ts';

/** What a hub is started with; see config-schema.ts for the meaning of each. The only place that reads `process.env`. */
export interface Config {
  /** Absolute. */
  dataDir: string;
  host: string;
  port: number;
  /** Origin under which browsers reach the hub, without a final '/'; null: work it out from host and port. */
  publicUrl: string | null;
  trustProxy: boolean | number | string[];
  /** How mail leaves, and where its links lead (an origin); null: no mail is sent. */
  mail: (MailSettings & { origin: string }) | null;
  database:
    | { kind: 'embedded'; postgresBin: string | null; searchPath: string[] }
    | { kind: 'server'; url: string };
  /** Absolute. */
  keyFile: string;
  /** Which addresses may be called. */
  outbound: OutboundRules;
  logLevel: LogLevel;
  /** Who may read /metrics: whoever reaches this address; who sends the token; everybody, as nobody else reaches the hub. */
  metrics: { listen: { host: string; port: number } | null; token: string | null; open: boolean };
  stop: {
    /** Seconds between saying 'not ready' and going. */
    drainSeconds: number;
    /** Seconds after which a stop waits for nothing any more. */
    deadlineSeconds: number;
  };
  /** Made at the first start; null: the first visitor makes it. */
  firstAdministrator: {
    email: string;
    password: string;
    organizationName: string;
    country: string;
    timeZone: string;
  } | null;
}

type Values = z.output<typeof configSchema>;

/**
 * Checks the whole environment. Throws `invalid-input` with every problem at once, one field each: what is wrong and how
 * to mend it. An empty variable counts as not set. Secrets may come from a file: `<NAME>_FILE`.
 */
export function loadConfig(env: Environment = process.env): Config {
  const problems: FieldError[] = unknownNames(env);
  const parsed = configSchema.safeParse(readValues(env, problems));
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map(({ path }) => path[0] as SettingName));
    for (const name of wrong) problems.push({ field: name, message: wrongValue(name, env[name]) });
  }
  for (const name of ['RINGSIDE_ADMIN_EMAIL', 'RINGSIDE_ADMIN_PASSWORD'] as const) {
    const other =
      name === 'RINGSIDE_ADMIN_EMAIL' ? 'RINGSIDE_ADMIN_PASSWORD' : 'RINGSIDE_ADMIN_EMAIL';
    if (isSet(env, name) && !isSet(env, other)) {
      problems.push({
        field: other,
        message: `Missing: ${name} needs it. Set both, or neither to use the set-up page.`,
      });
    }
  }
  for (const needed of ['RINGSIDE_MAIL_FROM', 'RINGSIDE_PUBLIC_URL'] as const) {
    if (isSet(env, 'RINGSIDE_SMTP_URL') && !isSet(env, needed))
      problems.push({ field: needed, message: 'Missing: RINGSIDE_SMTP_URL needs it.' });
  }
  if (!parsed.success || problems.length > 0) throw wrongConfig(problems);
  return toConfig(parsed.data, pathFolders(env));
}

function toConfig(values: Values, searchPath: string[]): Config {
  const dataDir = resolve(values.RINGSIDE_DATA_DIR);
  const { RINGSIDE_ADMIN_EMAIL: email, RINGSIDE_ADMIN_PASSWORD: password } = values;
  return {
    dataDir,
    host: values.RINGSIDE_HOST,
    port: values.RINGSIDE_PORT,
    publicUrl: values.RINGSIDE_PUBLIC_URL ?? null,
    trustProxy: values.RINGSIDE_TRUST_PROXY,
    mail: mailOf(values),
    database:
      values.DATABASE_URL === undefined
        ? {
            kind: 'embedded',
            postgresBin: values.RINGSIDE_POSTGRES_BIN ?? null,
            searchPath,
          }
        : { kind: 'server', url: values.DATABASE_URL },
    keyFile:
      values.RINGSIDE_KEY_FILE === undefined
        ? join(dataDir, 'ringside.key')
        : resolve(values.RINGSIDE_KEY_FILE),
    outbound: {
      allowed: values.RINGSIDE_ALLOW_PRIVATE ?? (isTrial(values) ? ['127.0.0.0/8', '::1'] : []),
      phoneNetworks: values.RINGSIDE_PHONE_NETWORKS,
    },
    logLevel: values.RINGSIDE_LOG_LEVEL,
    metrics: {
      listen: values.RINGSIDE_METRICS_LISTEN ?? null,
      token: values.RINGSIDE_METRICS_TOKEN ?? null,
      open: isTrial(values),
    },
    stop: {
      drainSeconds: values.RINGSIDE_DRAIN_SECONDS,
      deadlineSeconds: values.RINGSIDE_STOP_SECONDS,
    },
    firstAdministrator:
      email === undefined || password === undefined
        ? null
        : {
            email,
            password,
            organizationName: values.RINGSIDE_ORGANIZATION,
            country: values.RINGSIDE_COUNTRY,
            timeZone:
              values.RINGSIDE_TIME_ZONE ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
          },
  };
}

function mailOf(values: Values): Config['mail'] {
  const { RINGSIDE_SMTP_URL: smtpUrl, RINGSIDE_MAIL_FROM: from } = values;
  const { RINGSIDE_PUBLIC_URL: origin } = values;
  if (smtpUrl === undefined || from === undefined || origin === undefined) return null;
  return { smtpUrl, from, origin };
}

/** Nobody but this machine's own people reaches the hub: what they may make it call they can call themselves. */
function isTrial({ RINGSIDE_HOST: host, RINGSIDE_PUBLIC_URL: publicUrl }: Values): boolean {
  return (
    publicUrl === undefined && (host === 'localhost' || host === '::1' || host.startsWith('127.'))
  );
}

/** The folders in which the shell looks for programs. */
export function pathFolders(env: Environment = process.env): string[] {
  return (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** Any variable, for files that name where their secrets are. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name];
}

/** The password for `ringside check`, from RINGSIDE_PASSWORD or the file it names; null when it is not set. */
export function checkPassword(env: Environment = process.env): string | null {
  const { RINGSIDE_PASSWORD, RINGSIDE_PASSWORD_FILE } = env;
  const problems: FieldError[] = [];
  const values = readValues({ RINGSIDE_PASSWORD, RINGSIDE_PASSWORD_FILE }, problems);
  if (problems.length > 0) throw wrongConfig(problems);
  return values['RINGSIDE_PASSWORD'] ?? null;
}

/** One row of the settings table that `ringside serve --help` and the documentation show. */
export interface SettingRow {
  name: SettingName;
  help: string;
  /** '' when there is none. */
  default: string;
  /** `<NAME>_FILE` may name a file with the value. */
  file: boolean;
}

export function describeConfig(): SettingRow[] {
  const defaults: Partial<Record<SettingName, unknown>> = configSchema.parse({});
  return settingNames.map((name) => {
    const { help, defaultText, secret } = settingInfo(name);
    return { name, help, default: defaultText ?? plainText(defaults[name]), file: secret === true };
  });
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function isSet(env: Environment, name: SettingName): boolean {
  return [name, `${name}_FILE`].some((key) => env[key] !== undefined && env[key] !== '');
}

function readValues(env: Environment, problems: FieldError[]): Environment {
  const values: Environment = {};
  for (const name of settingNames) {
    const value = env[name] === '' ? undefined : env[name];
    const file = settingInfo(name).secret === true ? env[`${name}_FILE`] : undefined;
    values[name] = value;
    if (file === undefined || file === '') continue;
    if (value !== undefined) {
      problems.push({
        field: `${name}_FILE`,
        message: `${name} is set as well. Keep one of the two.`,
      });
      continue;
    }
    try {
      values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      problems.push({
        field: `${name}_FILE`,
        message: `'${file}' cannot be read (${code}). Name a readable file.`,
      });
    }
  }
  return values;
}

function unknownNames(env: Environment): FieldError[] {
  const files = settingNames
    .filter((name) => settingInfo(name).secret === true)
    .map((name) => `${name}_FILE`);
  const known: string[] = [...settingNames, ...files];
  return Object.keys(env)
    .filter((name) => name.startsWith('RINGSIDE_') && !known.includes(name))
    .map((name) => ({ field: name, message: `No such setting. ${advice(name, known)}` }));
}

function advice(name: string, known: string[]): string {
  const base = name.replace(/_FILE$/, '');
  if (base !== name && known.includes(base))
    return `Set ${base} itself; it does not come from a file.`;
  const near = didYouMean(name, known);
  return near === null
    ? 'Remove it; `ringside serve --help` lists them all.'
    : `Did you mean ${near}?`;
}

function wrongValue(name: SettingName, value: string | undefined): string {
  const { mend, secret } = settingInfo(name);
  const shown = secret === true || value === undefined ? 'The value' : `'${value.slice(0, 60)}'`;
  return `${shown} is not right. It must be ${mend}.`;
}

function wrongConfig(problems: FieldError[]): RingsideError {
  const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
  return new RingsideError('invalid-input', `${count} wrong.`, {
    fix: '`ringside serve --help` lists every setting.',
    fields: problems,
  });
}

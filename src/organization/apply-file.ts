import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';
import { priorityRule } from './call-priority.ts';
import { organizationInput, permission, personInput, phoneSystemInput, team } from './contract.ts';
import { teamsAtMost } from './team.ts';

/** Where a secret comes from: never from the file itself, which people keep beside their code. */
const secretSource = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/, 'This is no name of a variable.') }),
]);
const setting = z.union([z.string(), secretSource], 'Text, or { env: NAME } or { file: PATH }.');
const settings = z.record(z.string(), setting);
const people = personInput.shape;

/** What `ringside apply` reads, see docs/operations.md. What is left out stays as it is; nothing is ever removed. */
const applySchema = z.strictObject({
  organization: z.strictObject({
    name: organizationInput.shape.name,
    country: organizationInput.shape.country,
    timeZone: organizationInput.shape.timeZone,
    seats: organizationInput.shape.seats,
    /** By name whether agents may; what is left out stays as it is. */
    agents: z.partialRecord(permission, z.boolean()).optional(),
    numbersMaskedFor: organizationInput.shape.numbersMaskedFor,
    /** Needed for an organization that is not there yet. */
    administrator: z
      .strictObject({ name: people.name, email: people.email, password: secretSource })
      .optional(),
  }),
  connections: z
    .array(
      z.strictObject({
        platform: z.string(),
        primary: z.boolean().optional(),
        settings: settings,
      }),
    )
    .max(20)
    .default([]),
  phoneSystems: z
    .array(
      z.strictObject({
        name: phoneSystemInput.shape.name,
        kind: z.string(),
        settings: settings.optional(),
        /** What posted events are signed with. */
        hmacSecret: secretSource.optional(),
      }),
    )
    .max(200)
    .default([]),
  /** All of them, in their order; left out: they stay as they are. */
  callPriorities: z.array(priorityRule).max(50).optional(),
  people: z
    .array(
      z.strictObject({
        name: people.name,
        email: people.email,
        role: people.role.optional(),
        plan: people.plan.optional(),
        extension: people.extension.unwrap().optional(),
        active: z.boolean().optional(),
        /** E-mail address or id of the user of the primary connection. */
        crmUser: z.string().min(1).max(254).optional(),
      }),
    )
    .max(10_000)
    .default([]),
  /** Known by their names; of a list that is given these people are all of it. */
  teams: z
    .array(
      z.strictObject({
        name: team.shape.name,
        /** E-mail addresses. */
        members: z.array(people.email).max(10_000).optional(),
        supervisors: z.array(people.email).max(1_000).optional(),
      }),
    )
    .max(teamsAtMost)
    .default([]),
});

type Parsed = z.output<typeof applySchema>;
type PlainSettings = Record<string, string>;

export type FetchedSecret = { value: string } | { problem: string };

/** The file with every secret fetched. `typed` names the settings that stand in it as text: secrets must not. */
export interface ApplyFile extends Omit<Parsed, 'organization' | 'connections' | 'phoneSystems'> {
  organization: Omit<Parsed['organization'], 'administrator'> & {
    /** The password counts only while the organization is not there yet: that it cannot be had is no problem of the file. */
    administrator: { name: string; email: string; password: FetchedSecret } | null;
  };
  connections: { platform: string; primary: boolean; settings: PlainSettings; typed: string[] }[];
  phoneSystems: {
    name: string;
    kind: string;
    settings: PlainSettings | undefined;
    typed: string[];
    hmacSecret: string | undefined;
  }[];
}

/**
 * Reads YAML and fetches its secrets; files are found beside `folder`, variables by `variable`. Answers every problem at once, each with
 * its field. Throws `invalid-input` only for text that is no YAML.
 */
export function readApplyFile(
  text: string,
  folder: string,
  variable: (name: string) => string | undefined,
): { file: ApplyFile | null; problems: FieldError[] } {
  const { data, error } = applySchema.safeParse(parseYaml(text));
  if (error) return { file: null, problems: error.issues.flatMap(issueProblems) };
  const problems: FieldError[] = [];
  const fetch = (source: z.output<typeof secretSource>, field: string): string => {
    const found = fetchSecret(source, folder, variable);
    if ('problem' in found) problems.push({ field, message: found.problem });
    return 'value' in found ? found.value : '';
  };
  const plain = (some: Record<string, z.output<typeof setting>>, field: string): PlainSettings =>
    Object.fromEntries(
      Object.entries(some).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : fetch(value, `${field}.settings.${name}`),
      ]),
    );
  const typed = (some: Record<string, z.output<typeof setting>> = {}) =>
    Object.keys(some).filter((name) => typeof some[name] === 'string');
  const { administrator } = data.organization;
  const file: ApplyFile = {
    ...data,
    organization: {
      ...data.organization,
      administrator: administrator
        ? {
            ...administrator,
            password: fetchSecret(administrator.password, folder, variable),
          }
        : null,
    },
    connections: data.connections.map((one, at) => ({
      ...{ platform: one.platform, primary: one.primary ?? false, typed: typed(one.settings) },
      settings: plain(one.settings, `connections.${at}`),
    })),
    phoneSystems: data.phoneSystems.map((one, at) => ({
      ...{ name: one.name, kind: one.kind, typed: typed(one.settings) },
      settings: one.settings && plain(one.settings, `phoneSystems.${at}`),
      hmacSecret: one.hmacSecret && fetch(one.hmacSecret, `phoneSystems.${at}.hmacSecret`),
    })),
  };
  return { file, problems };
}

function parseYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [first] = document.errors;
  if (first !== undefined) {
    const { line, col } = lineCounter.linePos(first.pos[0]);
    throw new RingsideError(
      'invalid-input',
      `This is no YAML: line ${line}, column ${col}: ${first.message.split('\n', 1)[0]}`,
    );
  }
  return document.toJS({ maxAliasCount: 0 });
}

function issueProblems(issue: z.core.$ZodIssue): FieldError[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: field === '' ? key : `${field}.${key}`,
      message: 'There is no such entry; docs/operations.md shows them all.',
    }));
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field: field || 'file', message: missing ? 'It is missing.' : issue.message }];
}

function fetchSecret(
  source: z.output<typeof secretSource>,
  folder: string,
  variable: (name: string) => string | undefined,
): FetchedSecret {
  if ('env' in source) {
    const value = variable(source.env);
    return value === undefined || value === ''
      ? { problem: `The variable ${source.env} is not set. Set it where this command runs.` }
      : { value };
  }
  const path = resolve(folder, source.file);
  try {
    const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return value === '' ? { problem: `'${path}' is empty.` } : { value };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `'${path}' cannot be read (${code}). Name a readable file.` };
  }
}

import type { CrmPlatform } from '../crm/port.ts';
import type { FieldError } from '../platform/errors.ts';
import type { ParsedSettings, SettingField, Settings } from '../platform/setting-field.ts';
import { phoneSystemKind, phoneSystemKinds } from '../telephony/registry.ts';
import type { ApplyCurrent } from './apply-current.ts';
import type { ApplyFile, FetchedSecret } from './apply-file.ts';
import type { ApplyPlan, PlanApplyDeps } from './apply-plan.ts';
import { findPlatform } from './open-connection.ts';
import { placeErrors } from './place.ts';
import { planPeople } from './plan-apply-people.ts';
import { planTeams } from './plan-apply-teams.ts';
import { firstWithheld, permissionNames } from './permission.ts';
import type { Permission } from './permission.ts';
import { plans } from './plan.ts';
import type { SeatTotals } from './organization-store.ts';
import { firstSeats } from './seats.ts';

/** `current` is null for an organization that is not there yet. */
export function planApply(
  { platforms, crmUser }: PlanApplyDeps,
  current: ApplyCurrent | null,
  file: ApplyFile,
): ApplyPlan {
  const plan: ApplyPlan = {
    ...{ problems: [], difference: [], notes: [], organization: 'keep', primary: null },
    ...{ agentsMayNot: null, teams: null },
    ...{ connections: [], phoneSystems: [], invited: [], people: [], mappings: [] },
  };
  planOrganization(plan, current, file);
  planConnections(plan, current, file, platforms);
  planPhoneSystems(plan, current, file);
  planPeople(plan, current, file, crmUser);
  planTeams(plan, current, file);
  return plan;
}

function planOrganization(plan: ApplyPlan, current: ApplyCurrent | null, file: ApplyFile): void {
  const { name, country, timeZone, seats = {}, administrator } = file.organization;
  plan.problems.push(...under('organization', placeErrors({ country, timeZone })));
  if (current === null) {
    plan.organization = 'create';
    if (administrator === null) {
      plan.problems.push({
        field: 'organization.administrator',
        message: `There is no organization ‘${name}’ yet: say who administers it (name, email, password).`,
      });
    } else {
      const message = passwordProblem(administrator.password);
      if (message !== null)
        plan.problems.push({ field: 'organization.administrator.password', message });
    }
    plan.difference.push(
      `+ organization ${name} (${country}, ${timeZone}), administrator ${administrator?.email ?? '?'}`,
    );
  } else {
    const before = current.organization;
    for (const key of ['name', 'country', 'timeZone'] as const) {
      const after = file.organization[key];
      if (before[key] !== after) changed(plan, `organization ${key}`, before[key], after);
    }
  }
  planPriorities(plan, current, file);
  const totals: SeatTotals = current?.seats ?? firstSeats;
  for (const one of plans)
    if (seats[one] !== undefined && seats[one] !== totals[one])
      changed(plan, `organization seats ${one}`, totals[one], seats[one]);
  const { numbersMaskedFor: masked } = file.organization;
  const maskedBefore = current?.numbersMaskedFor ?? 'nobody';
  if (masked !== undefined && masked !== maskedBefore)
    changed(plan, 'organization numbersMaskedFor', maskedBefore, masked);
  planAgents(plan, current?.agentsMayNot ?? firstWithheld, file.organization.agents ?? {});
}

function passwordProblem(password: FetchedSecret): string | null {
  if ('problem' in password) return password.problem;
  const { length } = password.value;
  return length < 12 || length > 128 ? 'It must be 12 to 128 characters long.' : null;
}

function planAgents(
  plan: ApplyPlan,
  before: readonly Permission[],
  wanted: Partial<Record<Permission, boolean>>,
): void {
  const differing = permissionNames.filter(
    (one) => wanted[one] !== undefined && wanted[one] === before.includes(one),
  );
  if (differing.length === 0) return;
  const word = (may: boolean) => (may ? 'allowed' : 'withheld');
  for (const one of differing)
    changed(plan, `agents ${one}`, word(wanted[one] === false), word(wanted[one] === true));
  plan.agentsMayNot = permissionNames.filter((one) => !(wanted[one] ?? !before.includes(one)));
}

function planPriorities(plan: ApplyPlan, current: ApplyCurrent | null, file: ApplyFile): void {
  const { callPriorities: after } = file;
  const before = current?.callPriorities ?? [];
  if (after === undefined || JSON.stringify(before) === JSON.stringify(after)) return;
  const count = (rules: unknown[], other = '') =>
    `${rules.length} ${other}${rules.length === 1 ? 'rule' : 'rules'}`;
  const other = before.length === after.length ? 'other ' : '';
  changed(plan, 'call priorities', count(before), count(after, other));
}

function changed(plan: ApplyPlan, what: string, before: unknown, after: unknown): void {
  plan.difference.push(`~ ${what}: ${String(before)} → ${String(after)}`);
  if (plan.organization === 'keep') plan.organization = 'save';
}

function planConnections(
  plan: ApplyPlan,
  current: ApplyCurrent | null,
  file: ApplyFile,
  platforms: readonly CrmPlatform[],
): void {
  const left = [...(current?.connections ?? [])];
  const parsed = file.connections.map(({ platform: id, settings, typed }, at) => {
    const field = `connections.${at}`;
    const platform = findPlatform(id, platforms);
    if (platform === null) {
      const known = platforms.map((one) => one.id).join(', ');
      plan.problems.push({
        field: `${field}.platform`,
        message: `Not a platform Ringside knows; there is ${known}.`,
      });
      return null;
    }
    plan.problems.push(...plainSecrets(field, platform.fields, typed));
    return usable(plan, field, platform.parseSettings(settings, []));
  });
  const known = file.connections.map(({ platform }, at) => {
    const endpoint = parsed[at]?.settings['endpoint'];
    return take(left, (one) => one.platform === platform && one.settings['endpoint'] === endpoint);
  });
  for (const [at, one] of file.connections.entries()) {
    const found = parsed[at];
    if (!found) continue;
    // One that moved to another endpoint, when it can be no other one.
    const alone = file.connections.filter(({ platform }) => platform === one.platform).length === 1;
    const same = left.filter(({ platform }) => platform === one.platform);
    const before =
      known[at] ?? (alone && same.length === 1 ? take(left, (x) => x === same[0]) : null);
    const what = `connection ${one.platform} ${found.settings['endpoint'] ?? ''}`.trim();
    if (!before) plan.difference.push(`+ ${what}`);
    const differing = before ? differences(before, found) : [];
    if (before && differing.length > 0) plan.difference.push(`~ ${what}: ${differing.join(', ')}`);
    if (!before || differing.length > 0) plan.connections.push({ at, id: before?.id ?? null });
    if (!before || differing.length > 0)
      plan.notes.push(`${what}: press Systems Check in the Admin Portal once it is applied.`);
    if (one.primary && !before?.primary) plan.primary = at;
  }
  const primaries = file.connections.flatMap(({ primary }, at) => (primary ? [at] : []));
  for (const at of primaries.slice(1))
    plan.problems.push({
      field: `connections.${at}.primary`,
      message: `One connection is the primary one; connections.${primaries[0]} is already.`,
    });
  const first = current === null || current.connections.length === 0;
  if (plan.primary !== null && !(first && plan.primary === 0))
    plan.difference.push(`~ primary connection: connections.${plan.primary}`);
  else plan.primary = null;
}

function planPhoneSystems(plan: ApplyPlan, current: ApplyCurrent | null, file: ApplyFile): void {
  const names = new Set<string>();
  for (const [at, one] of file.phoneSystems.entries()) {
    const field = `phoneSystems.${at}`;
    const kind = phoneSystemKind(one.kind);
    if (names.has(one.name))
      plan.problems.push({ field: `${field}.name`, message: 'Two phone systems have this name.' });
    names.add(one.name);
    if (!kind || !(kind.link || kind.readHook)) {
      const known = phoneSystemKinds.filter(({ link, readHook }) => link || readHook);
      plan.problems.push({
        field: `${field}.kind`,
        message: `Not a kind Ringside knows; there is ${known.map((each) => each.kind).join(', ')}.`,
      });
      continue;
    }
    const before = current?.phoneSystems.find(({ name }) => name === one.name);
    if (before && before.kind !== one.kind) {
      plan.problems.push({
        field: `${field}.kind`,
        message: `‘${one.name}’ is of the kind ${before.kind}. Take another name, or delete that one in the Admin Portal first.`,
      });
      continue;
    }
    if (one.hmacSecret !== undefined && !kind.hookSecret)
      plan.problems.push({ field: `${field}.hmacSecret`, message: `${kind.title} has none.` });
    let found: Found | null = { settings: {}, secrets: {} };
    if (kind.link) {
      plan.problems.push(...plainSecrets(field, kind.link.fields, one.typed));
      found = usable(plan, field, kind.link.parseSettings(one.settings ?? {}, []));
    } else if (one.settings !== undefined) {
      plan.problems.push({ field: `${field}.settings`, message: `${kind.title} has no settings.` });
    }
    if (found === null) continue;
    const what = `phone system ${one.name} (${one.kind})`;
    const differing = before ? differences(before, found) : [];
    if (before && one.hmacSecret !== undefined && one.hmacSecret !== before.hmacSecret)
      differing.push('hmacSecret');
    if (!before) plan.difference.push(`+ ${what}`);
    else if (differing.length > 0) plan.difference.push(`~ ${what}: ${differing.join(', ')}`);
    else continue;
    plan.phoneSystems.push({ at, id: before?.id ?? null });
  }
}

type Found = { settings: Settings; secrets: Settings };

function usable(plan: ApplyPlan, field: string, parsed: ParsedSettings): Found | null {
  if (parsed.ok) return parsed;
  plan.problems.push(...under(`${field}.settings`, parsed.errors));
  return null;
}

function under(place: string, errors: readonly FieldError[]): FieldError[] {
  return errors.map(({ field, message }) => ({
    field: field === '' ? place : `${place}.${field}`,
    message,
  }));
}

/** A secret that stands in the file as text. */
function plainSecrets(field: string, fields: SettingField[], typed: string[]): FieldError[] {
  return fields
    .filter(({ name, kind }) => kind === 'secret' && typed.includes(name))
    .map(({ name, title }) => ({
      field: `${field}.settings.${name}`,
      message: `${title} is a secret and does not belong into this file: say { env: NAME } or { file: PATH }.`,
    }));
}

/** Names of what differs; of secrets nothing but that. */
function differences(before: Found, after: Found): string[] {
  const names = new Set([...Object.keys(before.settings), ...Object.keys(after.settings)]);
  const open = [...names].filter((name) => before.settings[name] !== after.settings[name]);
  const secret = Object.keys(after.secrets).filter(
    (name) => before.secrets[name] !== after.secrets[name],
  );
  return [
    ...open.map(
      (name) => `${name} ${before.settings[name] ?? '–'} → ${after.settings[name] ?? '–'}`,
    ),
    ...secret.map((name) => `${name} (secret)`),
  ];
}

function take<T>(from: T[], is: (one: T) => boolean): T | null {
  const at = from.findIndex(is);
  return at === -1 ? null : from.splice(at, 1)[0]!;
}

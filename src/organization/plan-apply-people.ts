import { newId } from '../platform/id.ts';
import type { ApplyCurrent } from './apply-current.ts';
import type { ApplyFile } from './apply-file.ts';
import type { ApplyPlan, PlanApplyDeps } from './apply-plan.ts';
import { planChange } from './organization-change.ts';
import type { SaveInput } from './organization-change.ts';
import type { StoredPerson } from './person-store.ts';
import { firstSeats } from './seats.ts';

/** Clashes are found by the very rules of the Save: people to be invited stand in as if they were there and not active. */
export function planPeople(
  plan: ApplyPlan,
  current: ApplyCurrent | null,
  file: ApplyFile,
  crmUser: PlanApplyDeps['crmUser'],
): void {
  const everybody: StoredPerson[] = current?.people ?? founders(file);
  const primary = current?.connections.find((one) => one.primary);
  const input: SaveInput['people'] = [];
  const newcomers: StoredPerson[] = [];
  const emails = new Set<string>();
  for (const [at, one] of file.people.entries()) {
    if (emails.has(one.email))
      plan.problems.push({ field: `people.${at}.email`, message: 'Two people have this address.' });
    emails.add(one.email);
    const before = everybody.find(({ email }) => email === one.email);
    const crmUserId = mapPerson(plan, one, at, primary?.id, crmUser);
    const crmUsers = primary && crmUserId !== null ? { [primary.id]: crmUserId } : undefined;
    const id = before?.id ?? newId();
    if (before === undefined) {
      newcomers.push(inactive(id, one));
      if (one.active === false) continue;
      const { role = 'agent', plan: seat = null, extension = null } = one;
      input.push({ id, role, plan: seat, extension, active: true, ...(crmUsers && { crmUsers }) });
      plan.invited.push(at);
      const facts = [role, seat, extension].filter((fact) => fact !== null).join(', ');
      plan.difference.push(`+ person ${one.email} ${one.name}: ${facts}`);
    } else {
      const wanted = wantedOf(one);
      input.push({ id, ...wanted, ...(crmUsers && { crmUsers }) });
      const differing = (Object.keys(wanted) as (keyof typeof wanted)[]).filter(
        (key) => wanted[key] !== before[key],
      );
      if (one.name !== before.name)
        plan.notes.push(`people.${at}.name: ${before.email} is called ${before.name} here.`);
      if (differing.length > 0) {
        plan.people.push({ id, ...wanted });
        const text = differing.map((key) => `${key} ${before[key]} → ${wanted[key]}`);
        plan.difference.push(`~ person ${one.email}: ${text.join(', ')}`);
      }
    }
    const mapped = current?.mappings.find(
      (each) => each.personId === id && each.connectionId === primary?.id,
    );
    if (primary && crmUserId !== null && mapped?.crmUserId !== crmUserId) {
      plan.mappings.push({ at, connectionId: primary.id, crmUserId });
      plan.difference.push(`~ person ${one.email}: CRM user ${one.crmUser}`);
    }
  }
  const { name, country, timeZone, seats } = file.organization;
  const { errors } = planChange(
    {
      people: [...everybody, ...newcomers],
      mappings: current?.mappings ?? [],
      seats: current?.seats ?? firstSeats,
      connections: primary ? [{ id: primary.id, title: primary.platform }] : [],
    },
    { version: 0, name, country, timeZone, seats, people: input },
    (_connection, id) => crmUser(id)?.name ?? null,
  );
  const places = input.map(({ id }) => {
    const email = [...everybody, ...newcomers].find((person) => person.id === id)?.email;
    return file.people.findIndex((one) => one.email === email);
  });
  for (const { field, message } of errors) {
    if (field === 'country' || field === 'timeZone') continue;
    const [, index, rest] = /^people\.(\d+)\.(.*)$/.exec(field) ?? [];
    if (index === undefined) plan.problems.push({ field: `organization.${field}`, message });
    else {
      const entry = rest!.startsWith('crmUsers') ? 'crmUser' : rest!;
      plan.problems.push({ field: `people.${places[Number(index)]}.${entry}`, message });
    }
  }
}

function wantedOf({ role, plan, extension, active }: ApplyFile['people'][number]) {
  return {
    ...(role === undefined ? {} : { role }),
    ...(plan === undefined ? {} : { plan }),
    ...(extension === undefined ? {} : { extension }),
    ...(active === undefined ? {} : { active }),
  };
}

function mapPerson(
  plan: ApplyPlan,
  { crmUser: wanted, email }: ApplyFile['people'][number],
  at: number,
  primaryId: string | undefined,
  crmUser: PlanApplyDeps['crmUser'],
): string | null {
  if (wanted === undefined) return null;
  const found = primaryId === undefined ? null : crmUser(wanted);
  if (found === null) {
    plan.notes.push(
      `people.${at}.crmUser: ${wanted} is not among the users that were pulled. Apply the file again after the Systems Check; ${email} is not mapped until then.`,
    );
  }
  return found?.id ?? null;
}

function founders({ organization: { administrator } }: ApplyFile): StoredPerson[] {
  if (administrator === null) return [];
  const { name, email } = administrator;
  const rights = { role: 'administrator', plan: 'Enterprise', extension: null } as const;
  return [{ id: newId(), userId: email, name, email, ...rights, active: true }];
}

function inactive(id: string, { name, email }: ApplyFile['people'][number]): StoredPerson {
  const nothing = { role: 'agent', plan: null, extension: null, active: false } as const;
  return { id, userId: null, name, email, ...nothing };
}

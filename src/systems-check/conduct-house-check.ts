import { setTimeout as sleep } from 'node:timers/promises';
import { linksOf } from '../calls/phone-link-store.ts';
import { findCrmUsers } from '../directory/crm-user-store.ts';
import { mappingsOf } from '../organization/mapping-store.ts';
import { peopleOf } from '../organization/person-store.ts';
import { phoneSystemsOf } from '../organization/phone-system-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Jobs } from '../platform/jobs.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import type { HouseStep } from './house-contract.ts';
import { askDatabase, jobRan } from './house-store.ts';
import { judgeClock, judgeDatabase, judgeJobs, jobPatienceMs, warned } from './house.ts';
import { judgeMappings, knownExtensions } from './judge-mappings.ts';
import type { CheckedMapping } from './judge-mappings.ts';
import { judgePhoneSystem } from './judge-phone-system.ts';
import type { RunKey } from './store.ts';

export interface HouseDeps {
  db: Database;
  clock: Clock;
  jobs: Jobs;
}

/** The job that a run orders, to see that jobs are worked on. Its payload is a RunKey. */
export const probeJobsTask = 'probe-jobs';

/** A part of the check: it begins as one step and becomes one or several. */
export interface HousePart {
  id: Exclude<HouseStep['kind'], 'phone-system' | 'mapping'>;
  title: string;
  look(deps: HouseDeps, key: RunKey, signal: AbortSignal): Promise<HouseStep[]>;
}

/** In the order in which they are looked at and shown. */
export const houseParts: readonly HousePart[] = [
  one('database', 'The database answers', async ({ db }) => {
    const times: number[] = [];
    let version = '';
    for (let turn = 0; turn < 5; turn += 1) {
      const since = performance.now();
      ({ version } = await askDatabase(db));
      times.push(performance.now() - since);
    }
    return judgeDatabase(times.toSorted((a, b) => a - b)[2]!, version.split(' ')[0]!);
  }),
  one('jobs', 'Jobs are worked on', async ({ db, jobs }, key, signal) => {
    const since = performance.now();
    await jobs.add(db, probeJobsTask, key, { maxAttempts: 1 });
    while (performance.now() - since < jobPatienceMs) {
      if (await jobRan(db, key)) return judgeJobs(performance.now() - since);
      await sleep(50, undefined, { signal });
    }
    return judgeJobs(null);
  }),
  one('clock', 'The clock is right', async ({ db, clock }) => {
    const before = clock.now().getTime();
    const since = performance.now();
    const { now } = await askDatabase(db);
    const doubt = (performance.now() - since) / 2;
    return judgeClock(before + doubt - now.getTime(), doubt);
  }),
  { id: 'phone-systems', title: 'Phone systems', look: lookAtPhoneSystems },
  { id: 'mappings', title: 'CRM user mappings', look: lookAtMappings },
];

function one(
  id: 'database' | 'jobs' | 'clock',
  title: string,
  look: (
    ...of: Parameters<HousePart['look']>
  ) => Promise<Pick<HouseStep, 'status' | 'code' | 'detail' | 'fix' | 'ms'>>,
): HousePart {
  return {
    ...{ id, title },
    look: async (...of) => [{ id, kind: id, title, ...(await look(...of)) }],
  };
}

async function lookAtPhoneSystems(
  { db, clock }: HouseDeps,
  { organizationId }: RunKey,
): Promise<HouseStep[]> {
  const [systems, links] = await Promise.all([
    phoneSystemsOf(db, organizationId),
    linksOf(db, organizationId),
  ]);
  if (systems.length === 0) {
    const fix = 'Add the phone system under ‘Phone Systems’: no call reaches Ringside without one.';
    const none = warned('none', 'There is no phone system yet.', fix);
    return [{ id: 'phone-systems', kind: 'phone-systems', title: 'Phone systems', ...none }];
  }
  return systems.map((system) => {
    const link = links.find(({ phoneSystemId }) => phoneSystemId === system.id) ?? null;
    return judgePhoneSystem(system, phoneSystemKind(system.kind), link, clock.now());
  });
}

async function lookAtMappings({ db }: HouseDeps, { organizationId }: RunKey): Promise<HouseStep[]> {
  const [people, mappings, systems, links] = await Promise.all([
    peopleOf(db, organizationId),
    mappingsOf(db, organizationId),
    phoneSystemsOf(db, organizationId),
    linksOf(db, organizationId),
  ]);
  const active = new Map(people.filter((one) => one.active).map((person) => [person.id, person]));
  const checked: CheckedMapping[] = [];
  const ofActive = mappings.filter(({ personId }) => active.has(personId));
  for (const [connectionId, its] of Map.groupBy(ofActive, (mapping) => mapping.connectionId)) {
    const ids = its.map(({ crmUserId }) => crmUserId);
    const users = new Map(
      (await findCrmUsers(db, organizationId, connectionId, { ids })).map((user) => [
        user.id,
        user,
      ]),
    );
    for (const { personId, crmUserId } of its) {
      const { name, extension } = active.get(personId)!;
      const crmUser = users.get(crmUserId) ?? null;
      checked.push({ personId, connectionId, name, extension, crmUser });
    }
  }
  checked.sort((a, b) => a.name.localeCompare(b.name));
  const systemIds = systems.map(({ id }) => id);
  return judgeMappings(checked, knownExtensions(systemIds, links));
}

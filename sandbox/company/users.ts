import type { GeneratedRows } from '../tables/generated-rows.ts';
import { countries, weightedCountries } from './countries.ts';
import type { Layout } from './layout.ts';
import { createMoments } from './moments.ts';
import { personName } from './names.ts';
import { hash, pick, stream } from './random.ts';
import { createSysIds, namedSysId } from './sys-id.ts';

/** The company whose ServiceNow this is: Brightwater sells and repairs pumps. */
export const companyDomain = 'brightwater.example';

interface FixedUser {
  userName: string;
  first: string;
  last: string;
  title: string;
  /** Only for programs: cannot sign in to the pages. */
  webService?: boolean;
  active?: boolean;
  locked?: boolean;
  /** As in the field, with commas. */
  roles?: string;
}

/** These people exist whatever the seed. Their e-mail address is their user name at brightwater.example. */
const agentRoles = 'sn_customerservice_agent,sn_esm_agent,interaction_agent';

export const fixedUsers: readonly FixedUser[] = [
  {
    userName: 'admin',
    first: 'System',
    last: 'Administrator',
    title: 'System Administrator',
    roles: 'admin',
  },
  {
    userName: 'ringside.integration',
    first: 'Ringside',
    last: 'Integration',
    title: 'Integration user',
    webService: true,
    // What integration users are recommended to have (§3.4).
    roles: `csm_ws_integration,${agentRoles},sn_customerservice.consumer_agent,sn_openframe_api_user,snc_platform_rest_api_access`,
  },
  {
    userName: 'alice.agent',
    first: 'Alice',
    last: 'Agent',
    title: 'Service Agent',
    roles: agentRoles,
  },
  { userName: 'bob.agent', first: 'Bob', last: 'Agent', title: 'Service Agent', roles: agentRoles },
  { userName: 'carol.supervisor', first: 'Carol', last: 'Supervisor', title: 'Team Lead' },
  { userName: 'dora.former', first: 'Dora', last: 'Former', title: 'Service Agent', active: false },
  { userName: 'interactive.user', first: 'Ivo', last: 'Interactive', title: 'Service Agent' },
  { userName: 'locked.user', first: 'Lena', last: 'Locked', title: 'Service Agent', locked: true },
  { userName: 'mfa.user', first: 'Max', last: 'Factor', title: 'Security Officer' },
  { userName: 'viewer.user', first: 'Vera', last: 'Viewer', title: 'Auditor', webService: true },
];

const titles = [
  'Service Agent',
  'Service Agent',
  'Service Agent',
  'Field Technician',
  'Account Manager',
  'Order Desk',
  'Billing Clerk',
  'Product Specialist',
];

export const assignmentGroups = [
  'Customer Service',
  'Field Service',
  'Billing',
  'Spare Parts',
  'Technical Support',
].map((name) => ({
  name,
  sys_id: namedSysId(`sys_user_group ${name}`),
}));

const streams = {
  name: stream('user name'),
  country: stream('user country'),
  title: stream('user title'),
};

export interface Users extends GeneratedRows {
  /** Index of somebody who works on cases, chosen by a random number. */
  agent(lot: number): number;
  byUserName(userName: string): number;
}

/** ServiceNow's own users: the fixed ones, 30 more, and one for 500 contacts. */
export function createUsers(layout: Layout, now: number): Users {
  const { seed } = layout;
  const count = fixedUsers.length + 30 + Math.min(1970, Math.floor(layout.contacts / 500));
  const ids = createSysIds(seed, 'sys_user', count);
  const moments = createMoments(seed, 'sys_user', now, 6);
  // fixed users are spread over the table, the first at a third of it
  const shift = Math.floor(count / 3);

  function fixed(index: number): FixedUser | undefined {
    return fixedUsers[(index - shift + count) % count];
  }

  function names(index: number): { first: string; last: string; userName: string } {
    const known = fixed(index);
    if (known) return known;
    const country = countries[pick(weightedCountries, hash(seed, streams.country, index))]!;
    const name = personName(country, seed ^ streams.name, index);
    return {
      first: name.first,
      last: name.last,
      userName: `${name.latinFirst}.${name.latinLast}${index}`,
    };
  }

  function value(index: number, field: string): string {
    const who = names(index);
    const known = fixed(index);
    switch (field) {
      case 'sys_id':
        return ids.sysId(index);
      case 'user_name':
        return who.userName;
      case 'name':
        return `${who.first} ${who.last}`;
      case 'first_name':
        return who.first;
      case 'last_name':
        return who.last;
      case 'email':
        return `${who.userName}@${companyDomain}`;
      case 'title':
        return known?.title ?? pick(titles, hash(seed, streams.title, index));
      case 'active':
        return String(
          known ? known.active !== false : hash(seed, streams.title + 1, index) % 20 !== 0,
        );
      case 'phone':
        // Brightwater has the first hundred numbers of the Berlin block reserved for fiction
        return index < 99 && known?.webService !== true
          ? `+49 30 231250${String(index + 1).padStart(2, '0')}`
          : '';
      case 'country':
        return 'DE';
      case 'city':
        return 'Berlin';
      case 'time_zone':
        return known?.webService ? 'GMT' : 'Europe/Berlin';
      case 'preferred_language':
        return 'en';
      case 'roles':
        return known?.roles ?? '';
      case 'locked_out':
        return String(known?.locked === true);
      case 'web_service_access_only':
      case 'internal_integration_user':
        return String(known?.webService === true);
      case 'identity_type':
        return known?.webService ? 'machine' : 'human';
      case 'password_needs_reset':
      case 'vip':
        return 'false';
      case 'failed_attempts':
        return '0';
      case 'notification':
        return '2';
      case 'sys_class_name':
        return 'sys_user';
      case 'sys_mod_count':
        return String(hash(seed, streams.title + 2, index) % 40);
      default:
        return moments.column(index, field);
    }
  }

  return {
    count,
    ...ids,
    agent(lot) {
      const index = lot % count;
      return value(index, 'active') === 'true' && fixed(index)?.webService !== true
        ? index
        : (shift + 2) % count;
    },
    byUserName: (userName) => {
      const at = fixedUsers.findIndex((user) => user.userName === userName);
      return at < 0 ? -1 : (at + shift) % count;
    },
    value,
    seconds: (index, field) =>
      field === 'sys_updated_on' ? moments.updated(index) : moments.created(index),
  };
}

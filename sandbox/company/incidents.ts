import type { GeneratedRows } from '../tables/generated-rows.ts';
import { listedRows } from '../tables/listed-rows.ts';
import type { Values } from '../tables/row-store.ts';
import { formatSeconds } from './moments.ts';
import { fraction, hash, pick, stream } from './random.ts';
import { namedSysId } from './sys-id.ts';
import { assignmentGroups, type Users } from './users.ts';

const subjects = [
  'Reset my password',
  'Printer on the second floor is offline',
  'Cannot reach the file server from home',
  'Laptop does not wake up',
  'E-mail attachments are refused',
  'Access to the finance folder',
  'Headset makes a crackling noise',
  'VPN asks for the code twice',
  'Monitor stays dark after the move',
  'Calendar shows the wrong time zone',
];
const states = ['1', '2', '2', '3', '6', '7', '7', '7'];
const categories = ['inquiry', 'software', 'hardware', 'network'];
const count = 67;
const streams = {
  state: stream('incident state'),
  who: stream('incident caller'),
  age: stream('incident age'),
};

/** A few incidents of Brightwater's own people, because other integrations begin with that table. */
export function createIncidents(seed: number, users: Users, now: number): GeneratedRows {
  return listedRows(
    Array.from({ length: count }, (_, at): Values => {
      const state = pick(states, hash(seed, streams.state, at));
      const opened = now - 3600 - Math.floor(fraction(seed, streams.age, at) * 200 * 86_400);
      const touched = opened + Math.floor((now - opened) * fraction(seed, streams.age + 1, at));
      const ended = state === '6' || state === '7';
      const caller = users.sysId(users.agent(hash(seed, streams.who, at)));
      const urgency = String(1 + (hash(seed, streams.who, at) % 3));
      return {
        sys_id: namedSysId(`incident ${seed} ${at}`),
        number: `INC${String(10_001 + at).padStart(7, '0')}`,
        short_description: pick(subjects, hash(seed, streams.who + 1, at)),
        state,
        active: String(state !== '7'),
        caller_id: caller,
        opened_by: caller,
        assigned_to:
          state === '1' ? '' : users.sysId(users.agent(hash(seed, streams.state + 1, at))),
        assignment_group: pick(assignmentGroups, at).sys_id,
        category: pick(categories, hash(seed, streams.state + 2, at)),
        impact: '3',
        urgency,
        priority: String(2 + Number(urgency)),
        opened_at: formatSeconds(opened),
        resolved_at: ended ? formatSeconds(touched) : '',
        closed_at: state === '7' ? formatSeconds(touched) : '',
        made_sla: 'true',
        sys_created_on: formatSeconds(opened),
        sys_updated_on: formatSeconds(touched),
        sys_created_by: 'admin',
        sys_updated_by: 'admin',
        sys_mod_count: String(hash(seed, streams.age, at) % 20),
        sys_class_name: 'incident',
        sys_domain: 'global',
        sys_domain_path: '/',
      };
    }),
  );
}

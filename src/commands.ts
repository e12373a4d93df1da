import type { Command } from './platform/command.ts';

/** The commands. Each is loaded only when it is called: `ringside --help` needs neither a database nor a second. */
export const commands: {
  name: string;
  summary: string;
  load(): Promise<{ command: Command<never> }>;
}[] = [
  { name: 'serve', summary: 'start the hub', load: () => import('./serve-command.ts') },
  {
    name: 'demo',
    summary: 'start the hub with a made-up company and a phone that rings',
    load: () => import('../sandbox/demo-command.ts'),
  },
  {
    name: 'sandbox',
    summary: 'start only the stand-in ServiceNow instance',
    load: () => import('../sandbox/sandbox-command.ts'),
  },
  {
    name: 'check',
    summary: 'run the Systems Check against an instance, without a database',
    load: () => import('./systems-check/check-command.ts'),
  },
  {
    name: 'replay',
    summary: 'fold a recorded stream of a phone system into calls',
    load: () => import('./calls/replay-command.ts'),
  },
  {
    name: 'lookup',
    summary: 'say who would pop for a number, and why',
    load: () => import('./desk/lookup-command.ts'),
  },
  {
    name: 'apply',
    summary: 'make an organization what a file says',
    load: () => import('./apply-command.ts'),
  },
  {
    name: 'backup',
    summary: 'write everything in the database into one file',
    load: () => import('./backup-command.ts'),
  },
  {
    name: 'restore',
    summary: 'make a database from that file',
    load: () => import('./restore-command.ts'),
  },
  {
    name: 'operator',
    summary: 'say who creates organizations on this hub and gives them seats',
    load: () => import('./organization/operator-command.ts'),
  },
  {
    name: 'rotate-key',
    summary: 'seal all stored secrets with a new key, while no hub runs',
    load: () => import('./organization/rotate-key-command.ts'),
  },
];

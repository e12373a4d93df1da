import type { Settings } from '../../platform/setting-field.ts';
import type { LinkStep } from '../port.ts';
import { passed, seen, walkSteps } from '../walk-steps.ts';
import type { Step } from '../walk-steps.ts';
import { authenticate, openEslConnection } from './esl-client.ts';
import type { EslConnection, EslTiming } from './esl-client.ts';
import { findExtensions } from './esl-phones.ts';
import { readListing } from './esl-snapshot.ts';
import { subscription } from './freeswitch-link.ts';
import { freeswitchSettings } from './settings.ts';

/** Walks a link once, step by step. */
export async function* testFreeswitch(
  settings: Settings,
  secrets: Settings,
  signal: AbortSignal,
  timing: Partial<EslTiming> = {},
): AsyncGenerator<LinkStep, void, void> {
  const { address, password } = freeswitchSettings(settings, secrets);
  let opened: EslConnection | null = null;
  const connection = (): EslConnection => {
    if (opened === null) throw new Error('No connection.');
    return opened;
  };
  const steps: Step[] = [
    {
      id: 'connect',
      title: 'The Event Socket answers',
      async run() {
        opened = await openEslConnection({ ...address, timing, onEvents: () => undefined }, signal);
        return passed(`It asks for the password at ${address.host}:${address.port}.`);
      },
    },
    {
      id: 'signed-in',
      title: 'The password is accepted',
      async run() {
        await authenticate(connection(), password);
        return passed('Signed in.');
      },
    },
    {
      id: 'rights',
      title: 'Events and the list of channels are allowed',
      async run() {
        const said = await connection().command(subscription);
        const listed = readListing(await connection().command('api show channels as json'));
        if (said.startsWith('+OK')) return passed(`${listed.length} channels are up.`);
        return {
          status: 'fail',
          detail: 'FreeSWITCH does not send the events that are needed.',
          fix: 'Let this user of the Event Socket have all events and the commands api and bgapi.',
        };
      },
    },
    {
      id: 'extensions',
      title: 'Extensions are seen',
      run: async () =>
        seen(
          await findExtensions(connection()),
          "Neither 'list_users' nor 'show registrations' in fs_cli shows one: register a phone, or type the extensions under CRM User Mappings.",
        ),
    },
    {
      id: 'heartbeat',
      title: 'A question is answered in time',
      async run() {
        await connection().command('api uptime');
        return passed('It was answered.');
      },
    },
  ];
  try {
    yield* walkSteps(steps, signal);
  } finally {
    (opened as EslConnection | null)?.close();
  }
}

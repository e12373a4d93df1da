import type { Settings } from '../../platform/setting-field.ts';
import { LinkError } from '../link-error.ts';
import type { LinkStep } from '../port.ts';
import { openAmiConnection } from './ami-connection.ts';
import type { AmiConnection, AmiTiming } from './ami-connection.ts';
import { findPhones } from './ami-phones.ts';
import { createRightsProbe, findMissingRights } from './ami-rights.ts';
import { signIn } from './ami-sign-in.ts';
import { asteriskSettings } from './settings.ts';

type Found = Pick<LinkStep, 'status' | 'detail' | 'fix'>;

/** Walks a link once, step by step; after a failure the others are skipped. */
export async function* testAsterisk(
  settings: Settings,
  secrets: Settings,
  signal: AbortSignal,
  timing: Partial<AmiTiming> = {},
): AsyncGenerator<LinkStep, void, void> {
  const { address, login, trunks } = asteriskSettings(settings, secrets);
  const probe = createRightsProbe();
  let connection: AmiConnection | null = null;
  const open = (): AmiConnection => {
    if (connection === null) throw new Error('No connection.');
    return connection;
  };
  const steps: [LinkStep['id'], string, () => Promise<Found>][] = [
    [
      'connect',
      'The manager interface answers',
      async () => {
        const onEvents = probe.onEvents.bind(probe);
        connection = await openAmiConnection({ ...address, timing, onEvents }, signal);
        return pass(`It greets at ${address.host}:${address.port}.`);
      },
    ],
    [
      'signed-in',
      'User and secret are accepted',
      async () => {
        await signIn(open(), login);
        return pass(`Signed in as ${login.username}.`);
      },
    ],
    [
      'rights',
      'The user has the rights that are needed',
      async () => {
        const missing = await findMissingRights(open(), probe);
        if (missing.length === 0)
          return pass(
            'Everything needed is allowed. read = agent and read = cdr cannot be asked for.',
          );
        return {
          status: missing.some(({ right }) => right === 'read = call') ? 'fail' : 'warn',
          detail: missing.map(({ right, without }) => `${right} is missing: ${without}.`).join(' '),
          fix: 'Give the user read = call,agent,cdr and write = originate,call,reporting,agent in manager.conf, then run manager reload.',
        };
      },
    ],
    [
      'extensions',
      'Extensions are seen',
      async () => {
        const extensions = [...(await findPhones(open(), trunks)).keys()];
        if (extensions.length > 0) {
          const some = extensions.slice(0, 5).join(', ');
          return pass(`${extensions.length} seen: ${some}${extensions.length > 5 ? ' …' : '.'}`);
        }
        return {
          status: 'warn',
          detail: 'No phone was seen.',
          fix: 'Check the trunk names and write = reporting. Where phones have no hints and no device states, type the extensions under CRM User Mappings.',
        };
      },
    ],
    [
      'heartbeat',
      'A question is answered in time',
      async () => {
        await open().action({ Action: 'Ping' });
        return pass('A Ping was answered.');
      },
    ],
  ];
  try {
    let failed = false;
    for (const [id, title, run] of steps) {
      const begin = performance.now();
      const found: Found = failed
        ? { status: 'skip', detail: 'Not tried after the failure above.', fix: null }
        : await run().catch((error: unknown) => fault(error, signal));
      // A user who sees no calls is signed in all the same: the rest can still be told.
      if (found.status === 'fail' && id !== 'rights') failed = true;
      yield { id, title, ...found, ms: Math.round(performance.now() - begin) };
    }
  } finally {
    (connection as AmiConnection | null)?.close();
  }
}

function pass(detail: string): Found {
  return { status: 'pass', detail, fix: null };
}

function fault(error: unknown, signal: AbortSignal): Found {
  if (error instanceof LinkError) return { status: 'fail', detail: error.message, fix: error.fix };
  if (signal.aborted)
    return {
      status: 'fail',
      detail: 'It took too long.',
      fix: 'Check the line to the phone system.',
    };
  throw error;
}

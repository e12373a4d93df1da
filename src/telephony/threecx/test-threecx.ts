import type { Settings } from '../../platform/setting-field.ts';
import { LinkError } from '../link-error.ts';
import type { LinkStep } from '../port.ts';
import { passed, seen, walkSteps } from '../walk-steps.ts';
import type { Step } from '../walk-steps.ts';
import { createCallControl } from './call-control.ts';
import type { WatchedDn } from './call-control.ts';
import { openEventSocket } from './event-socket.ts';
import { ParticipantTeller } from './participant-teller.ts';
import { threecxSettings } from './settings.ts';
import { usualTiming } from './threecx-link.ts';
import type { ThreecxTiming } from './threecx-link.ts';

/** Walks a link once, step by step, with the token that a link which is up already uses. */
export async function* testThreecx(
  settings: Settings,
  secrets: Settings,
  signal: AbortSignal,
  timing: ThreecxTiming = usualTiming,
): AsyncGenerator<LinkStep, void, void> {
  const threecx = threecxSettings(settings, secrets);
  const control = createCallControl(threecx, timing.request);
  const teller = new ParticipantTeller();
  let state: WatchedDn[] = [];
  let signIn: Promise<string>;
  const steps: Step[] = [
    {
      id: 'connect',
      title: 'The 3CX answers',
      async run() {
        signIn = control.token();
        await signIn.catch((error: unknown) => {
          if (error instanceof LinkError && error.code === 'unauthorized') return;
          throw error;
        });
        return passed(`It answers at ${threecx.url}.`);
      },
    },
    {
      id: 'signed-in',
      title: 'Client ID and API key are accepted',
      async run() {
        await signIn;
        return passed(`Signed in as ${threecx.clientId}.`);
      },
    },
    {
      id: 'rights',
      title: 'Call Control is allowed',
      async run() {
        state = await control.state();
        return passed(`${state.length} extensions, queues and route points are watched.`);
      },
    },
    {
      id: 'extensions',
      title: 'Extensions are seen',
      async run() {
        teller.reconcile(state, new Date());
        return seen(
          teller.extensions(),
          'Name the extensions to be watched for this client under Integrations > API.',
        );
      },
    },
    {
      id: 'heartbeat',
      title: 'The event stream opens',
      async run() {
        const token = await control.token();
        const socket = await openEventSocket(threecx.url, token, timing, () => undefined);
        socket.close();
        return passed('It opened.');
      },
    },
  ];
  try {
    yield* walkSteps(steps, signal);
  } finally {
    await control.close();
  }
}

import { closeForgottenCalls } from './calls/close-forgotten-calls.ts';
import type { CallRecorder } from './calls/call-recorder.ts';
import { forgetWrites } from './desk/forget-writes.ts';
import { followNumbers, followNumbersTask } from './directory/follow-numbers.ts';
import { forgetMirrors, forgetMirrorsTask } from './directory/forget-mirrors.ts';
import { deliverWebhook } from './organization/deliver-webhook.ts';
import type { DeliverDeps } from './organization/deliver-webhook.ts';
import { sendMailTask } from './organization/order-mail.ts';
import { requestPassword, requestPasswordTask } from './organization/request-password.ts';
import type { RequestPasswordDeps } from './organization/request-password.ts';
import { sendMail } from './organization/send-mail.ts';
import type { SendMailDeps } from './organization/send-mail.ts';
import { deliverWebhookTask } from './organization/tell-webhooks.ts';
import { forgetDeliveries } from './organization/webhook-store.ts';
import { acrossOrganizations, inOrganization } from './platform/database/scope.ts';
import type { RunOptions } from './platform/jobs.ts';
import { forgetCalls, forgetCallsTask } from './privacy/forget-calls.ts';
import { checkHousesAtNight } from './systems-check/check-houses-at-night.ts';
import { probeJobsTask } from './systems-check/conduct-house-check.ts';
import { noteJobRan } from './systems-check/house-store.ts';
import type { RunKey } from './systems-check/store.ts';

type HubJobsDeps = DeliverDeps &
  SendMailDeps &
  RequestPasswordDeps &
  Parameters<typeof closeForgottenCalls>[0] &
  Parameters<typeof forgetWrites>[0] &
  Parameters<typeof forgetCalls>[0] &
  Parameters<typeof checkHousesAtNight>[0] & { recorder: Pick<CallRecorder, 'sweep'> };

const deliveriesKeptDays = 30;

/** When each job that nobody orders is due, in UTC; those with a queue never run twice at once. */
const crontab = [
  '*/5 * * * * close-forgotten-calls',
  '* * * * * describe-calls',
  '23 * * * * forget-writes',
  `* * * * * ${forgetMirrorsTask} ?queue=${forgetMirrorsTask}&jobKey=${forgetMirrorsTask}`,
  `41 2 * * * ${forgetCallsTask} ?queue=${forgetCallsTask}&jobKey=${forgetCallsTask}`,
  '17 3 * * * forget-deliveries',
  '53 3 * * * check-houses',
].join('\n');

/** What this hub works on in the background: each job by its name, and the times of those that come round by themselves. */
export function hubJobs(deps: HubJobsDeps): Pick<RunOptions, 'tasks' | 'crontab'> {
  const { db, clock } = deps;
  return {
    tasks: {
      'close-forgotten-calls': async () => void (await closeForgottenCalls(deps)),
      'describe-calls': async () => void (await deps.recorder.sweep()),
      'forget-writes': async () => void (await forgetWrites(deps)),
      [forgetMirrorsTask]: async (_payload, { signal }) => void (await forgetMirrors(db, signal)),
      [forgetCallsTask]: (_payload, { signal }) => forgetCalls(deps, signal),
      'forget-deliveries': () =>
        acrossOrganizations(() =>
          forgetDeliveries(db, new Date(clock.now().getTime() - deliveriesKeptDays * 86_400_000)),
        ),
      'check-houses': (_payload, { signal }) => checkHousesAtNight(deps, signal),
      [probeJobsTask]: (payload) => {
        const key = payload as RunKey;
        return inOrganization(key.organizationId, () => noteJobRan(db, key));
      },
      [followNumbersTask]: (payload) => {
        const { organizationId } = payload as { organizationId: string };
        return inOrganization(organizationId, () => followNumbers(db, organizationId));
      },
      [requestPasswordTask]: (payload) => requestPassword(deps, payload as { email: string }),
      [sendMailTask]: (payload, context) => {
        const mail = payload as { organizationId: string; id: string };
        return inOrganization(mail.organizationId, () => sendMail(deps, mail, context));
      },
      [deliverWebhookTask]: (payload, context) => {
        const delivery = payload as { organizationId: string; id: string };
        return inOrganization(delivery.organizationId, () =>
          deliverWebhook(deps, delivery, context),
        );
      },
    },
    crontab,
  };
}

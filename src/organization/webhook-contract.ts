import { z } from 'zod';
import { cleanText } from '../platform/text.ts';
import { webhookEvents, webhookUrlFault } from './webhook.ts';

/** HTTP API of webhooks out (administrator). All paths are below `/api/v1`. */

const event = z.enum(webhookEvents);
const time = z.iso.datetime();

export const webhookRow = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  events: z.array(event),
  active: z.boolean(),
  createdAt: time,
});
export type WebhookRow = z.infer<typeof webhookRow>;

/** GET /webhooks; `locked` says what the organization would need. */
export const webhookList = z.object({ webhooks: z.array(webhookRow) });

/** POST /webhooks and PUT /webhooks/:id */
export const webhookInput = z.object({
  name: z
    .string()
    .max(400)
    .overwrite((text) => cleanText(text, 400))
    .min(1, 'Give it a name, such as Data warehouse.')
    .max(100),
  url: z
    .string()
    .trim()
    .max(2048)
    .check((context) => {
      const fault = webhookUrlFault(context.value);
      if (fault !== null)
        context.issues.push({ code: 'custom', message: fault, input: context.value });
    }),
  events: z.array(event).min(1, 'Choose what it is told of.').max(webhookEvents.length),
  active: z.boolean().default(true),
});
export type WebhookInput = z.output<typeof webhookInput>;

/** The secret is shown once. */
export const webhookCreated = z.object({ webhook: webhookRow, secret: z.string() });

export const deliveryRow = z.object({
  id: z.uuid(),
  event: z.string(),
  createdAt: time,
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  lastAttemptAt: time.nullable(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  body: z.string(),
});
export type DeliveryRow = z.infer<typeof deliveryRow>;

/** GET /webhooks/:id/deliveries: the newest 100. */
export const deliveryList = z.object({ deliveries: z.array(deliveryRow) });

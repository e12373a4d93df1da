import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  addWebhook,
  changeWebhook,
  deleteWebhook,
  sendAgain,
  viewDeliveries,
  viewWebhooks,
} from './change-webhook.ts';
import type { WebhookDeps } from './change-webhook.ts';
import type { ViewerOf } from './viewer.ts';
import {
  deliveryList,
  webhookCreated,
  webhookInput,
  webhookList,
  webhookRow,
} from './webhook-contract.ts';
import type { DeliveryRow, WebhookRow } from './webhook-contract.ts';
import type { StoredDelivery, StoredWebhook } from './webhook-store.ts';

export function webhookRoutes(deps: WebhookDeps & { viewerOf: ViewerOf }): FastifyPluginAsyncZod {
  const tags = ['Webhooks out'];
  const params = z.object({ id: z.uuid() });
  const { db, viewerOf } = deps;
  return async (app) => {
    app.get(
      '/webhooks',
      { schema: { tags, summary: 'Webhooks out', response: { 200: webhookList } } },
      async (request) => ({
        webhooks: (await viewWebhooks(db, viewerOf(request))).map(presentWebhook),
      }),
    );

    app.post(
      '/webhooks',
      {
        schema: {
          tags,
          summary: 'Add a webhook; its secret is shown once',
          body: webhookInput,
          response: { 201: webhookCreated },
        },
      },
      async (request, reply) => {
        const { webhook, secret } = await addWebhook(deps, viewerOf(request), request.body);
        return reply.code(201).send({ webhook: presentWebhook(webhook), secret });
      },
    );

    app.put(
      '/webhooks/:id',
      {
        schema: {
          tags,
          summary: 'Change a webhook; its secret stays',
          params,
          body: webhookInput,
          response: { 200: webhookRow },
        },
      },
      async (request) =>
        presentWebhook(
          await changeWebhook(deps, viewerOf(request), request.params.id, request.body),
        ),
    );

    app.delete(
      '/webhooks/:id',
      {
        schema: {
          tags,
          summary: 'Remove a webhook with its log',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await deleteWebhook(deps, viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/webhooks/:id/deliveries',
      {
        schema: {
          tags,
          summary: 'The newest deliveries of a webhook',
          params,
          response: { 200: deliveryList },
        },
      },
      async (request) => ({
        deliveries: (await viewDeliveries(db, viewerOf(request), request.params.id)).map(
          presentDelivery,
        ),
      }),
    );

    app.post(
      '/webhooks/:id/deliveries/:deliveryId/send',
      {
        schema: {
          tags,
          summary: 'Send a delivery again',
          params: params.extend({ deliveryId: z.uuid() }),
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await sendAgain(deps, viewerOf(request), request.params);
        return reply.code(204).send(null);
      },
    );
  };
}

function presentWebhook({ id, name, url, events, active, createdAt }: StoredWebhook): WebhookRow {
  return { id, name, url, events, active, createdAt: createdAt.toISOString() };
}

function presentDelivery(delivery: StoredDelivery): DeliveryRow {
  const { id, event, body, state, attempts, lastStatus, lastError } = delivery;
  return {
    ...{ id, event, body, state, attempts, lastStatus, lastError },
    createdAt: delivery.createdAt.toISOString(),
    lastAttemptAt: delivery.lastAttemptAt?.toISOString() ?? null,
  };
}

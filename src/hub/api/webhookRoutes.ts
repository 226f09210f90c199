import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import type { Deliver } from '../webhooks/delivery.ts';
import type { DeadLetter, Webhook } from '../webhooks/records.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { errorSchema } from './schemas.ts';
import * as schemas from './webhookSchemas.ts';

const tags = ['webhooks'];
const config = { scopes: ['admin'] } as const;
const failures = { 400: errorSchema, 401: errorSchema, 403: errorSchema, 404: errorSchema, 429: errorSchema };
const { webhookParams: params, deadLetterParams } = schemas;

export interface WebhookApiDeps {
  readonly webhooks: Webhooks;
  readonly deliver: Deliver;
  /** Has a webhook that was made or deleted noticed at once. */
  readonly refresh: () => Promise<void>;
}

/** Where changes are sent, and what could not be delivered. */
export function webhookRoutes({ webhooks, deliver, refresh }: WebhookApiDeps): (app: FastifyInstance) => void {
  const find = async (id: string): Promise<Webhook> => {
    const webhook = await webhooks.get(id);
    if (webhook === null) throw new AppError('notFound', 'There is no such webhook.');
    return webhook;
  };
  const findLetter = async (id: string, event: number): Promise<DeadLetter> => {
    const letter = await webhooks.deadLetter(id, event);
    if (letter === null) throw new AppError('notFound', 'There is no such dead letter.');
    return letter;
  };
  const show = async (webhook: Webhook) =>
    schemas.webhookOut(webhook, (await webhooks.progress(webhook.id))?.value ?? null);

  return (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/webhooks',
      { config, schema: { tags, summary: 'All webhooks', response: { 200: schemas.webhookList, ...failures } } },
      async () => ({ items: await Promise.all((await webhooks.list()).map(show)) }),
    );

    app.post(
      '/webhooks',
      {
        config,
        schema: {
          tags,
          summary: 'Have every change sent to an address, from now on',
          body: schemas.newWebhookSchema,
          response: { 201: schemas.madeWebhookSchema, 409: errorSchema, ...failures },
        },
      },
      async (request, reply) => {
        const { url, kinds = null, emails = null, secret } = request.body;
        const webhook = await webhooks.create({ url, kinds, emails, ...(secret === undefined ? {} : { secret }) });
        await refresh();
        return reply.status(201).send({ ...(await show(webhook)), secret: webhook.secret });
      },
    );

    app.get(
      '/webhooks/:id',
      {
        config,
        schema: { tags, summary: 'One webhook', params, response: { 200: schemas.webhookSchema, ...failures } },
      },
      async (request) => show(await find(request.params.id)),
    );

    app.delete(
      '/webhooks/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Send nothing there any more, and forget its dead letters',
          params,
          response: { 204: z.null(), ...failures },
        },
      },
      async (request, reply) => {
        await find(request.params.id);
        await webhooks.delete(request.params.id);
        await refresh();
        return reply.status(204).send(null);
      },
    );

    app.get(
      '/webhooks/:id/dead-letters',
      {
        config,
        schema: {
          tags,
          summary: 'What could not be delivered, oldest first',
          params,
          querystring: schemas.deadLetterQuery,
          response: { 200: schemas.deadLetterPage, ...failures },
        },
      },
      async (request) => {
        const { after, limit } = request.query;
        const { id } = await find(request.params.id);
        // One more tells whether there is a next page.
        const found = await webhooks.deadLetters(id, after, limit + 1);
        const items = found.slice(0, limit);
        return {
          items: items.map(schemas.deadLetterOut),
          next: found.length > limit ? (items.at(-1)?.event ?? null) : null,
        };
      },
    );

    app.post(
      '/webhooks/:id/dead-letters/:event/retry',
      {
        config,
        schema: {
          tags,
          summary: 'Send it once more, now. It goes from the list when it was taken',
          params: deadLetterParams,
          response: { 204: z.null(), 409: errorSchema, 502: errorSchema, ...failures },
        },
      },
      async (request, reply) => {
        const { id, event } = request.params;
        const webhook = await find(id);
        if (webhook.isOff) throw new AppError('conflict', 'This webhook is off: make a new one for the receiver.');
        const { kind, body } = await findLetter(id, event);
        const outcome = await deliver(webhook, { event: kind, delivery: String(event), body });
        if (outcome.kind !== 'delivered') {
          const reason = outcome.kind === 'failed' ? outcome.reason : outcome.kind;
          throw new AppError('badResponse', `It was not taken (${reason}). It stays in the list.`);
        }
        await webhooks.removeDeadLetter(id, event);
        return reply.status(204).send(null);
      },
    );

    app.delete(
      '/webhooks/:id/dead-letters/:event',
      {
        config,
        schema: {
          tags,
          summary: 'Forget what could not be delivered',
          params: deadLetterParams,
          response: { 204: z.null(), ...failures },
        },
      },
      async (request, reply) => {
        const { id, event } = request.params;
        await find(id);
        if (!(await webhooks.removeDeadLetter(id, event))) {
          throw new AppError('notFound', 'There is no such dead letter.');
        }
        return reply.status(204).send(null);
      },
    );
  };
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../../core/appError.ts';
import type { Instant } from '../../../core/time.ts';
import type { Webhook } from '../addon.ts';
import type { Sender, WebhookCall } from '../calls.ts';
import { type Delivery, deliverySchema, senderOf } from '../deliveries.ts';
import { notSigned } from '../jwt.ts';
import { notificationOf } from '../messages.ts';
import { compile } from '../pattern.ts';
import type { AddonRuntime } from '../runtime.ts';
import { type TenantRecord, tenantOf } from '../tenants.ts';
import { groupBy } from './groupBy.ts';
import { letIn, refuse, SIGNED, type Verified, verify } from './signed.ts';

type Meant = { readonly webhook: Webhook; readonly match: RegExpExecArray | null };

/** Where chat servers say what happens. */
export function webhookRoutes(runtime: AddonRuntime, now: () => Instant) {
  const { addon } = runtime;
  const byPath = groupBy(addon.parts.webhooks, ({ path }) => path);
  return (app: FastifyInstance): void => {
    for (const [path, webhooks] of byPath) {
      const isOpen = webhooks.every(({ auth }) => auth === 'none');
      const found = new WeakMap<FastifyRequest, Received>();
      // Before the server's limits count the request.
      const preValidation = async (request: FastifyRequest): Promise<void> => {
        found.set(request, await received(request, runtime, isOpen, now));
      };
      app.post(path, { config: SIGNED, preValidation }, async (request, reply) => {
        const got = found.get(request);
        if (got === undefined) throw notSigned('missing');
        const { record, signed, delivery } = got;
        const meant = meantBy(webhooks, delivery);
        const answered = await meant.webhook.handler(callOf(runtime, record, signed, delivery, meant, now));
        if (answered === null || answered === undefined) return reply.status(204).send();
        return notificationOf(answered);
      });
    }
  };
}

interface Received {
  readonly record: TenantRecord;
  /** Null where nothing is signed. */
  readonly signed: Verified['signed'] | null;
  readonly delivery: Delivery;
}

/** What was sent, and by whom; a signed request is used up by it. */
async function received(
  request: FastifyRequest,
  { addon, tenants }: AddonRuntime,
  isOpen: boolean,
  now: () => Instant,
): Promise<Received> {
  const read = async (): Promise<Received> => {
    // First who it is: strangers are not told what would be right.
    const verified = isOpen ? null : await verify(request, tenants, now);
    const parsed = deliverySchema.safeParse(request.body);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.') || 'the body';
      throw new AppError('invalidInput', `This is no delivery of a webhook: ${field} is not right.`, { reason: field });
    }
    const delivery = parsed.data;
    const record = verified?.record ?? (await tenants.get(delivery.oauth_client_id ?? ''));
    if (record === null) throw notSigned('signature');
    checkBelongs(record, delivery, verified?.signed ?? null);
    if (verified !== null) await tenants.spend(record, verified.signed);
    letIn(request, addon.key, record);
    return { record, signed: verified?.signed ?? null, delivery };
  };
  return read().catch((thrown: unknown) => refuse(request, thrown));
}

/** The signature covers no body: what it says of sender and room must be what the body says. */
function checkBelongs(record: TenantRecord, delivery: Delivery, signed: Verified['signed'] | null): void {
  const { room } = delivery.item;
  const sender = senderOf(delivery);
  const isOther = (said: string | number | null | undefined, real: string | number | null | undefined): boolean =>
    said != null && real != null && String(said) !== String(real);
  if (
    isOther(delivery.oauth_client_id, record.oauthId) ||
    isOther(room?.id, record.roomId) ||
    isOther(room?.id, signed?.context.room_id) ||
    (signed !== null && sender !== null && String(sender.id) !== signed.userId)
  ) {
    throw notSigned('mismatch');
  }
}

/** Several webhooks may have one path: the first whose event and pattern fit. What one server sends to one is always its own. */
function meantBy(webhooks: readonly Webhook[], { event, item }: Delivery): Meant {
  const ofEvent = webhooks.filter((webhook) => webhook.event === event);
  const tried = ofEvent.map((webhook) => {
    const pattern = webhook.pattern === null ? null : compile(webhook.pattern);
    const match = pattern?.exec(item.message?.message ?? '') ?? null;
    return { webhook, match, fits: pattern === null || match !== null };
  });
  // The server has looked already, and its expressions are not quite ours.
  const meant = tried.find(({ fits }) => fits) ?? tried[0];
  if (meant === undefined) throw new AppError('invalidInput', `No webhook here is for ${event}.`);
  return meant;
}

function callOf(
  runtime: AddonRuntime,
  record: TenantRecord,
  signed: Verified['signed'] | null,
  delivery: Delivery,
  { match }: Meant,
  now: () => Instant,
): WebhookCall {
  const { room, message } = delivery.item;
  const roomId = room?.id ?? record.roomId;
  const user = senderOf(delivery);
  const sender: Sender | null =
    user === null ? null : { id: String(user.id), name: user.name, mentionName: user.mention_name };
  return {
    tenant: tenantOf(record, now),
    sender,
    context: signed?.context ?? {},
    room: roomId === null ? null : { id: roomId, name: room?.name ?? null },
    client: runtime.client(record, roomId),
    event: delivery.event,
    message: message ?? null,
    match,
    delivery,
  };
}

import { z } from 'zod';
import { EVENT_KINDS } from '../model.ts';
import type { DeadLetter, Progress, Webhook } from '../webhooks/records.ts';
import { eventSchema, PAGE_LIMIT } from './schemas.ts';

const ID = /^[0-9a-z]{26}$/;
const kinds = z.array(z.enum(EVENT_KINDS)).min(1);
const emails = z.array(z.email().max(254).toLowerCase()).min(1).max(1_000);

export const newWebhookSchema = z.strictObject({
  url: z.string().min(1).max(2_000).describe('Where to: https, and reachable in the internet'),
  kinds: kinds.max(EVENT_KINDS.length).optional().describe('Which changes; absent: all'),
  emails: emails.optional().describe('Whose; absent: everybody’s'),
  secret: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, 'must have 16 to 200 printable characters')
    .optional()
    .describe('What the signature is made with; absent: one is made'),
});

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  kinds: kinds.optional(),
  emails: z.array(z.string()).optional(),
  createdAt: z.string(),
  status: z.enum(['on', 'off']).describe('off: the receiver has answered 410 Gone, nothing is sent any more'),
  delivered: z.int().describe('The last event that is done with'),
  failing: z
    .object({ event: z.int(), tries: z.int(), nextTry: z.string(), reason: z.string() })
    .nullable()
    .describe('What is tried again; what comes after waits for it'),
  deadLettersDropped: z.int().describe('Dead letters that had to go because there were too many'),
});

export const madeWebhookSchema = webhookSchema.extend({
  secret: z.string().describe('Shown this once'),
});

export const webhookList = z.object({ items: z.array(webhookSchema) });

export const webhookParams = z.object({ id: z.string().regex(ID) });
export const deadLetterParams = webhookParams.extend({ event: z.coerce.number().int().min(0) });

export const deadLetterQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('The `next` of the page before'),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(100),
});

const deadLetterSchema = z.object({
  event: z.int(),
  kind: z.enum(EVENT_KINDS),
  at: z.string(),
  failedAt: z.string(),
  tries: z.int(),
  reason: z.string().describe('status 500, timeout, network, or refused: the address leads where no call may go'),
  change: eventSchema.describe('What was sent'),
});

export const deadLetterPage = z.object({ items: z.array(deadLetterSchema), next: z.int().nullable() });

const iso = (at: number): string => new Date(at).toISOString();

export function webhookOut(webhook: Webhook, progress: Progress | null): z.infer<typeof webhookSchema> {
  const { id, url, kinds: wantedKinds, emails: wantedEmails, createdAt, isOff } = webhook;
  const pending = progress?.pending ?? null;
  return {
    id,
    url,
    ...(wantedKinds === null ? {} : { kinds: wantedKinds }),
    ...(wantedEmails === null ? {} : { emails: wantedEmails }),
    createdAt: iso(createdAt),
    status: isOff ? 'off' : 'on',
    delivered: progress?.cursor ?? 0,
    failing:
      pending === null
        ? null
        : { event: pending.event, tries: pending.tries, nextTry: iso(pending.nextAt), reason: pending.reason },
    deadLettersDropped: progress?.dropped ?? 0,
  };
}

export const deadLetterOut = (letter: DeadLetter): z.infer<typeof deadLetterSchema> => ({
  event: letter.event,
  kind: letter.kind,
  at: iso(letter.at),
  failedAt: iso(letter.failedAt),
  tries: letter.tries,
  reason: letter.reason,
  change: eventSchema.parse(JSON.parse(letter.body)),
});

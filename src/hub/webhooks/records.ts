import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { EVENT_KINDS, type HubEvent } from '../model.ts';

const webhookRecord = z.object({
  url: z.string(),
  /** Null: every kind. */
  kinds: z.array(z.enum(EVENT_KINDS)).nullable(),
  /** In lower case; null: everybody. */
  emails: z.array(z.string()).nullable(),
  createdAt: z.number(),
  /** As it is: what is sent is signed with it. */
  secret: z.string(),
  /** The receiver has said that it is gone for good. */
  isOff: z.boolean(),
});

/** Where changes are sent. */
export interface Webhook extends Readonly<z.infer<typeof webhookRecord>> {
  readonly id: string;
}

const progressRecord = z.object({
  /** The last event that needs no more sending. */
  cursor: z.number(),
  /** What could not be delivered yet. */
  pending: z
    .object({
      event: z.number(),
      at: z.number(),
      tries: z.number(),
      nextAt: z.number(),
      reason: z.string(),
    })
    .nullable(),
  /** The feed no longer reaches back to the cursor: the receiver is to be told, and goes on after this event. */
  resetTo: z.number().nullable(),
  /** Dead letters that had to go because there were too many. */
  dropped: z.number(),
});

/** How far the deliveries of one webhook are. */
export type Progress = Readonly<z.infer<typeof progressRecord>>;

export const freshProgress = (cursor: number): Progress => ({ cursor, pending: null, resetTo: null, dropped: 0 });

const deadLetterRecord = z.object({
  event: z.number(),
  kind: z.enum(EVENT_KINDS),
  at: z.number(),
  failedAt: z.number(),
  tries: z.number(),
  reason: z.string(),
  /** What was sent, to be sent again as it was. */
  body: z.string(),
});

/** A change that could not be delivered. */
export type DeadLetter = Readonly<z.infer<typeof deadLetterRecord>>;

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('badResponse', 'A webhook in the store can not be read. Was it written by a newer hub?');
}

export const readWebhook = (id: string, value: unknown): Webhook => ({ id, ...parse(webhookRecord, value) });
export const readProgress = (value: unknown): Progress => parse(progressRecord, value);
export const readDeadLetter = (value: unknown): DeadLetter => parse(deadLetterRecord, value);

/** Whether a webhook wants to hear of a change. */
export function wants({ kinds, emails }: Pick<Webhook, 'kinds' | 'emails'>, { kind, record }: HubEvent): boolean {
  return (kinds === null || kinds.includes(kind)) && (emails === null || emails.includes(record.person.email));
}

/** Keys of dead letters are sorted as the events are. */
export const deadLetterKey = (event: number): string => String(event).padStart(16, '0');

/** What is sent at once. */
export interface Message {
  readonly event: HubEvent['kind'] | 'reset';
  /** The same at each try. */
  readonly delivery: string;
  readonly body: string;
}

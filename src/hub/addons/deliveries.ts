import { z } from 'zod';
import { WEBHOOK_EVENTS } from './descriptor.ts';

// What a chat server sends to a webhook ("Webhooks"). Fields that are not named here are let through.

const links = z.looseObject({ self: z.string().optional() }).optional();

const userSchema = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  mention_name: z.string(),
  links,
});
const roomSchema = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  is_archived: z.boolean().optional(),
  privacy: z.string().optional(),
  links,
});
const messageSchema = z.looseObject({
  id: z.string(),
  /** ISO 8601. */
  date: z.string(),
  /** A notification's is only a name. */
  from: z.union([userSchema, z.string()]),
  mentions: z.array(userSchema).default([]),
  message: z.string(),
  type: z.string().optional(),
});

export const deliverySchema = z.looseObject({
  event: z.enum(WEBHOOK_EVENTS),
  webhook_id: z.union([z.number(), z.string()]).optional(),
  oauth_client_id: z.string().optional(),
  item: z.looseObject({
    message: messageSchema.optional(),
    room: roomSchema.optional(),
    sender: userSchema.nullish(),
    topic: z.string().optional(),
  }),
});

/** A delivery, as it was sent. */
export type Delivery = z.output<typeof deliverySchema>;
export type Message = z.output<typeof messageSchema>;
export type UserRef = z.output<typeof userSchema>;

/** Who did what is told of; null when it names nobody. */
export function senderOf({ item: { sender, message } }: Delivery): UserRef | null {
  if (sender !== undefined && sender !== null) return sender;
  return message === undefined || typeof message.from === 'string' ? null : message.from;
}

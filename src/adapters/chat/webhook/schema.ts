import { z } from 'zod';

/**
 * What is sent, as JSON. Fields may be added within a version, and none is taken away. There is never a subject, an attendee
 * or another field of a meeting in it: only what people would see in a chat.
 */
export const webhookBody = z.object({
  version: z.literal(1),
  state: z.enum(['available', 'busy', 'dnd', 'away']),
  /** The status text; empty for none. */
  text: z.string(),
  /** The emoji with it, in the form the settings have it; empty for none. */
  emoji: z.string(),
  /** ISO 8601 in UTC. When the state ends, so that the receiver can end it even if nobody tells it; null when it is not known. */
  until: z.string().nullable(),
  /** Whose presence it is, where the account was given a name; for a receiver that has several. */
  person: z.string().optional(),
});

export type WebhookBody = Readonly<z.infer<typeof webhookBody>>;

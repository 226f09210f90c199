import { z } from 'zod';
import type { Presence } from './presence.ts';

const presenceSchema = z.object({
  state: z.enum(['available', 'busy', 'dnd', 'away', 'offline']),
  text: z.string(),
  emoji: z.string(),
  until: z.number().nullable(),
}) satisfies z.ZodType<Presence>;

/** What we wrote into a chat and may take back. */
const claimSchema = z.object({
  /** What was there before us. */
  snapshot: presenceSchema,
  /** The snapshot's state came from idling: it is handed back as `available`. */
  snapshotIsAutomatic: z.boolean(),
  /** What we asked for, before the chat stored it its own way. */
  asked: presenceSchema,
  /** The chat has said that the write is done. */
  isAnswered: z.boolean().default(false),
  /** What the chat showed after it, in its own stored form; null while that was not read. */
  written: presenceSchema.nullable(),
  /** What our write before this one left, until this one is known to have landed: the chat may still show it. */
  previous: presenceSchema.nullable(),
  /** When the chat ends the state of `previous` by itself, where it can; null as `previous` is. */
  previousEnd: z.number().nullable().default(null),
  /** Which parts of `previous` were ours: one that ended by itself looks as if it had never been. Neither as `previous` is null. */
  previousOwns: z.object({ state: z.boolean(), text: z.boolean() }).default({ state: false, text: false }),
  /** Which parts of the presence are ours: only they are compared and taken back. */
  owns: z.object({ state: z.boolean(), text: z.boolean() }),
  /** Parts on which the person had the last word since: they are not ours again while the claim lasts. */
  yielded: z.object({ state: z.boolean(), text: z.boolean() }),
  /** Taking back has begun: `asked` is what was there before us, as it should come back. */
  restoring: z.boolean(),
  /** End of the interval it was written for; known even when the calendar is not. */
  end: z.number(),
  /** The events it was written for (`eventKey`). */
  events: z.array(z.string()),
});

/** An event the person has had the last word on, in one chat. */
const handsOffSchema = z.object({ event: z.string(), until: z.number() });

export const chatRecordSchema = z.object({
  claim: claimSchema.nullable(),
  handsOff: z.array(handsOffSchema),
});

export type Claim = Readonly<z.infer<typeof claimSchema>>;
export type HandsOff = Readonly<z.infer<typeof handsOffSchema>>;

/** All that is remembered of one chat account. */
export type ChatRecord = Readonly<z.infer<typeof chatRecordSchema>>;

export const EMPTY_RECORD: ChatRecord = { claim: null, handsOff: [] };

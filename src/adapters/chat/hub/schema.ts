import { z } from 'zod';
import { truncateBy } from '../../../core/presence.ts';
import { type RemoteWord, WORD_KINDS, wordOfEvent } from '../../../core/remoteWord.ts';

/** Of a command's text, in UTF-16 units. */
const WORD_LIMIT = 200;

/** An instant of the hub's API, ISO 8601 in UTC; read as milliseconds since the epoch. */
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** What `/presences/{person}` and its `/report` answer; other fields are let through unread. */
export const presenceAnswer = z.object({
  state: z.enum(['available', 'busy', 'dnd', 'away', 'offline']),
  text: z.string(),
  emoji: z.string(),
  /** When the hub ends state and text, both at once; null for never. */
  until: instant.nullable(),
  /** Who said it, such as `app` or `api`. */
  source: z.string(),
  /** When it was said. */
  changedAt: instant,
  /** The version of what is shown, for `If-Match`. */
  event: z.number().int().nonnegative(),
});

/** `GET /me`. */
export const meAnswer = z.object({
  token: z.object({ scopes: z.array(z.string()) }),
  /** Whose presence the token may publish; null for nobody's. */
  person: z.object({}).nullable(),
  /** Seconds without a report after which the person is shown as offline. */
  reportTimeout: z.number().positive().default(900),
});

/** No longer than a status may be, and on one line. */
const wordText = z
  .string()
  .transform((text) => truncateBy(text.replaceAll(/\p{Cc}+/gu, ' '), WORD_LIMIT, ({ length }) => length));

/** `GET /people/me/words`: what the person has said with commands and still counts, oldest first. */
export const wordsAnswer = z.object({
  items: z.array(
    z.object({ kind: z.enum(WORD_KINDS), until: instant, text: wordText, at: instant, event: z.number().int() }),
  ),
});

/** A `change` of the feed; the word that it carries, or null. */
export const changeEvent = z
  .object({
    id: z.number().int(),
    at: instant,
    kind: z.string(),
    presence: z.object({ source: z.string(), text: wordText, until: instant.nullable(), changedAt: instant }),
  })
  .transform(({ presence, ...event }): RemoteWord | null => wordOfEvent({ ...event, shown: presence }));

/** The body of every answer that is not a success. */
export const errorAnswer = z.object({ error: z.object({ code: z.string() }) });

/** The body of `PUT /presences/me`. */
export interface PresenceUpdate {
  readonly state: HubPresence['state'];
  readonly text: string;
  readonly emoji: string;
  readonly until: string | null;
  readonly source: 'app';
}

export type HubPresence = Readonly<z.output<typeof presenceAnswer>>;
export type HubMe = Readonly<z.output<typeof meAnswer>>;

import { z } from 'zod';

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

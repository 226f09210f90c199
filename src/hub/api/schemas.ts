import { z } from 'zod';
import { type RemoteWord, WORD_KINDS } from '../../core/remoteWord.ts';
import { EVENT_KINDS, type HubEvent, type Identity, type PersonRecord, SCOPES, shownOf } from '../model.ts';

/** The most of a list at once. */
export const PAGE_LIMIT = 1_000;
const STATES = ['available', 'busy', 'dnd', 'away', 'offline'] as const;

/** No control characters: they would break logs, mails and terminals of those who read. */
const words = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must hold no control characters');
const moment = z.iso.datetime({ offset: true }).describe('ISO 8601, with a zone');
const state = z.enum(STATES);
const email = z.email().max(254).toLowerCase();
const id = z.string().regex(/^[0-9a-z]{26}$/);

export const identitySchema = z
  .object({ service: z.string().regex(/^[\w.-]{1,60}$/), id: words(200).min(1) })
  .describe('Who the person is in another system');

export const personSchema = z.object({
  id: id.describe('26 characters of 0-9 and a-z, as Mattermost has them'),
  email: z.string(),
  name: z.string(),
  identities: z.array(identitySchema),
});

export const newPersonSchema = z.strictObject({
  id: id.optional().describe('Such as the Mattermost id; one is made otherwise'),
  email,
  name: words(200).default(''),
  identities: z.array(identitySchema).max(20).default([]),
});

export const personChangeSchema = z.strictObject({
  email: email.optional(),
  name: words(200).optional(),
  identities: z.array(identitySchema).max(20).optional(),
});

export const presenceSchema = z.object({
  person: personSchema.omit({ identities: true }),
  state: state.describe('What is shown: offline while nobody reports for the person'),
  text: z.string(),
  emoji: z.string(),
  until: z.string().nullable().describe('When the hub ends it by itself'),
  source: z.string().describe('Who said it, such as app, calendar, api'),
  changedAt: z.string(),
  reporting: z.boolean().describe('Whether somebody reports for the person'),
  event: z.int().describe('The change that this is of; also the ETag'),
});

const spanSchema = z
  .strictObject({ start: moment, end: moment, state })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), 'end must be after start');

/** Who says it, where they do not tell. */
export const UNTOLD_SOURCE = 'api';
const source = z
  .string()
  .regex(/^[\w.-]{1,40}$/)
  .default(UNTOLD_SOURCE);

export const newPresenceSchema = z.strictObject({
  state,
  text: words(500).default(''),
  emoji: words(100).default(''),
  until: moment.nullable().default(null),
  source,
  day: z.array(spanSchema).max(100).optional().describe('What the rest of the day will say; states only'),
});

/** A report may come without a body. */
export const reportSchema = z.strictObject({ source }).nullish();

export const daySchema = z.object({
  items: z.array(
    z.object({
      start: z.string(),
      end: z.string().nullable(),
      state,
      kind: z.enum(['was', 'will']).describe('What was shown, or what is planned'),
    }),
  ),
});

export const dayQuery = z.object({ since: moment });

const minutes = z.int().min(1).max(1_440).optional().describe('How long from now; or `until`');
const wordEnd = moment.optional().describe('Within a day from now; or `minutes`');

export const newWordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('busy'),
    minutes,
    until: wordEnd,
    text: words(200).default('').describe('What to show; empty for what the person usually shows'),
  }),
  z.strictObject({ kind: z.literal('available') }),
  z.strictObject({ kind: z.literal('pause'), minutes, until: wordEnd }),
  z.strictObject({ kind: z.literal('resume') }),
]);

export const wordsSchema = z.object({
  items: z.array(
    z.object({
      kind: z.enum(WORD_KINDS),
      until: z.string().describe('How long busy or paused; how long `available` and `resume` are news'),
      text: z.string(),
      at: z.string(),
      event: z.int().describe('The change that carried it'),
    }),
  ),
});

const cursor = z.string().max(26).default('').describe('The `next` of the page before');
const limit = z.coerce.number().int().min(1).max(PAGE_LIMIT).default(100);

export const personParams = z.object({
  person: z.string().min(1).max(254).describe('`me` for the token’s own person, an id, or an email address'),
});

export const listQuery = z.object({ after: cursor, limit, email: email.optional() });
export const presencesQuery = listQuery.extend({ state: state.optional() });
export const eventsQuery = z.object({
  after: z.coerce.number().int().min(0).optional().describe('The last event that was seen; all after it come first'),
  person: personParams.shape.person.optional().describe('Changes of this person only: `me`, an id or an email'),
});

const next = z.string().nullable().describe('Send it as `after` for the page that follows; null: there is none');
export const presencePage = z.object({ items: z.array(presenceSchema), next });
export const peoplePage = z.object({ items: z.array(personSchema), next });

export const meSchema = z.object({
  token: z.object({ id: z.string(), name: z.string(), scopes: z.array(z.enum(SCOPES)) }),
  person: personSchema.nullable(),
  reportTimeout: z.int().describe('Seconds without a report after which the person is offline'),
});

export const eventSchema = z.object({
  id: z.int(),
  at: z.string(),
  kind: z.enum(EVENT_KINDS),
  person: personSchema,
  presence: presenceSchema,
});

export const syncSchema = z.object({
  sync: z
    .object({
      at: z.string(),
      people: z.int().describe('Whose calendars are read'),
      stale: z.int().describe('Whose calendar could not be read the last time'),
      waiting: z.int().describe('Who is due and has not been read yet'),
      lagSeconds: z.number().describe('How long the one who waits longest is overdue'),
    })
    .nullable(),
});

export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const iso = (at: number): string => new Date(at).toISOString();

export function presenceOut(record: PersonRecord): z.infer<typeof presenceSchema> {
  const { person, reporting, event } = record;
  const { until, changedAt, ...shown } = shownOf(record);
  return {
    person: { id: person.id, email: person.email, name: person.name },
    ...shown,
    until: until === null ? null : iso(until),
    changedAt: iso(changedAt),
    reporting,
    event,
  };
}

export const personOut = (record: PersonRecord): z.infer<typeof personSchema> => {
  const { id: personId, email: address, name, identities } = record.person;
  return { id: personId, email: address, name, identities: identities.map((one: Identity) => ({ ...one })) };
};

export const eventOut = ({ id: eventId, at, kind, record }: HubEvent): z.infer<typeof eventSchema> => ({
  id: eventId,
  at: iso(at),
  kind,
  person: personOut(record),
  presence: presenceOut(record),
});

export const wordOut = ({ kind, until, text, at, event }: RemoteWord) => ({
  kind,
  until: iso(until),
  text,
  at: iso(at),
  event,
});

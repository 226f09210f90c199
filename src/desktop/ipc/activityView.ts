import { z } from 'zod';
import { providerName } from '../../core/accounts.ts';
import { REASONS } from '../../core/availability.ts';
import { errorCode, presenceState } from '../../core/syncStateSchema.ts';
import { type Difference, type LeftOut, type Remembered, WHY_KINDS, type Why } from '../../core/why.ts';
import { speech } from './speech.ts';

const instant = z.number();
const effect = z.enum(['dnd', 'busy', 'away']);

const why = z.object({
  kind: z.enum(WHY_KINDS),
  state: effect.nullable(),
  until: instant.nullable(),
  next: instant.nullable(),
  events: z.number(),
}) satisfies z.ZodType<Why>;

/** An event that is on. Its subject is for the person's own screen, nowhere else. */
const eventOn = z.object({
  start: instant,
  end: instant,
  isAllDay: z.boolean(),
  subject: z.string(),
  verdict: z.discriminatedUnion('counts', [
    z.object({ counts: z.literal(true), effect, isOutOfOffice: z.boolean() }),
    z.object({
      counts: z.literal(false),
      because: z.enum(REASONS),
    }),
  ]),
});

const difference = z.union([
  z.object({ kind: z.enum(['onlyState', 'onlyText', 'nothing', 'ownWords']) }),
  z.object({ kind: z.literal('as'), from: effect, to: z.enum(['ignore', 'dnd', 'busy', 'away']) }),
]) satisfies z.ZodType<Difference>;

const leftOut = z.object({
  mark: z.enum(['until', 'subject', 'location']),
  silence: z.enum(['notAllowed', 'sensitive', 'several', 'empty']),
}) satisfies z.ZodType<LeftOut>;

const remembered = z.union([
  z.object({ kind: z.literal('ours'), state: presenceState, until: instant, before: presenceState }),
  z.object({ kind: z.enum(['handsOff', 'own']) }),
]) satisfies z.ZodType<Remembered>;

const whyChat = z.object({
  id: z.string(),
  label: z.string(),
  wanted: z.object({ state: effect.nullable(), text: z.string() }).nullable(),
  differences: z.array(difference),
  leftOut: z.array(leftOut),
  remembered,
  error: errorCode.nullable(),
});

const tab = z.enum(['why', 'activity']);
export type ActivityTab = z.infer<typeof tab>;

/** What the window with Why and Activity shows, but for the entries, which are asked for once and then told one by one. */
export const activityView = z.object({
  speech,
  zone: z.string(),
  now: instant,
  tab,
  why,
  on: z.array(eventOn),
  next: z.object({ state: effect, at: instant }).nullable(),
  /** Calendars whose last read has failed. */
  unread: z.array(z.object({ label: z.string(), error: errorCode })),
  chats: z.array(whyChat),
  /** Accounts as the person knows them, by their id in the entries. */
  accounts: z.array(z.object({ id: z.string(), provider: providerName, label: z.string() })),
});

/** What the window's buttons ask for. */
export const activityAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tab'), tab }),
  z.object({ kind: z.enum(['copy', 'close']) }),
]);

/** How saving went. */
export const activitySaved = z.enum(['saved', 'cancelled', 'failed']);

export type ActivityView = Readonly<z.infer<typeof activityView>>;
export type WhyChatView = ActivityView['chats'][number];
export type EventOnView = ActivityView['on'][number];
export type ActivityAction = Readonly<z.infer<typeof activityAction>>;
export type ActivitySaved = z.infer<typeof activitySaved>;

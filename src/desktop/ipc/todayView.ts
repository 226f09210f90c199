import { z } from 'zod';
import type { ChatNow } from '../../core/dayState.ts';
import { syncStateSchema } from '../../core/syncStateSchema.ts';
import { DAY } from '../../core/time.ts';
import { dayPictureSchema } from './dayPicture.ts';
import { speech } from './speech.ts';

const instant = z.number();

const presence = z.object({
  state: z.enum(['available', 'busy', 'dnd', 'away', 'offline']),
  text: z.string(),
  emoji: z.string(),
  until: instant.nullable(),
});

const chatNow = z.object({
  id: z.string(),
  shown: presence.nullable(),
  seenAt: instant.nullable(),
  isOurs: z.boolean(),
  until: instant.nullable(),
  handsOffUntil: instant.nullable(),
}) satisfies z.ZodType<ChatNow>;

/** What the person may say now. What the organisation has locked, or what has no meaning now, they may not. */
const may = z.object({ pause: z.boolean(), notFor: z.boolean(), busy: z.boolean() });

/** All that the Today window shows: plain data, pushed anew at every change. It holds subjects, and goes nowhere else. */
export const todayView = z.object({
  speech,
  state: syncStateSchema,
  day: dayPictureSchema,
  /** Whether any calendar could be read yet, and whether all could. */
  isKnown: z.boolean(),
  isWhole: z.boolean(),
  chats: z.array(chatNow),
  may,
  /** The person's word that they are busy; null for none. */
  busyUntil: instant.nullable(),
  /** What is wrong with an account, by its id, and what can be done about it: on a button, null for nothing. */
  troubles: z.record(z.string(), z.object({ words: z.string(), fix: z.string().nullable() })),
});

const howLong = z.number().int().min(1).max(DAY);

/** Where the window's buttons lead: the panel is gone then. */
const PLACES = ['setUp', 'preferences', 'why'] as const;
export type TodayPlace = (typeof PLACES)[number];

/** What the window's buttons ask for. */
export const todayAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['syncNow', 'resume', 'notForThisMeeting', 'notBusy']) }),
  z.object({ kind: z.enum(PLACES) }),
  z.object({ kind: z.literal('close') }),
  z.object({ kind: z.literal('pause'), howLong: z.union([howLong, z.enum(['tomorrow', 'forever'])]) }),
  z.object({ kind: z.literal('busy'), howLong: z.union([howLong, z.literal('tomorrow')]) }),
  z.object({ kind: z.literal('fix'), account: z.string().max(200) }),
]);

export type TodayView = Readonly<z.infer<typeof todayView>>;
export type TodayAction = Readonly<z.infer<typeof todayAction>>;

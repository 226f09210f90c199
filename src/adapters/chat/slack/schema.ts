import { z } from 'zod';

/** users.profile.get, as far as the status goes (https://docs.slack.dev/reference/methods/users.profile.get). */
export const profileAnswer = z.object({
  profile: z.object({
    /** With `&`, `<` and `>` escaped. */
    status_text: z.string().default(''),
    /** `:name:`; empty for none. */
    status_emoji: z.string().default(''),
    /** Unix seconds; 0 for never. */
    status_expiration: z.number().int().min(0).default(0),
  }),
});

/** users.getPresence for oneself (https://docs.slack.dev/reference/methods/users.getPresence). */
export const presenceAnswer = z.object({
  /** `active` or `away`: what others see. */
  presence: z.string(),
  /** Slack saw no activity for a while. */
  auto_away: z.boolean().optional(),
  /** The person has set it. */
  manual_away: z.boolean().optional(),
});

/** dnd.info for oneself (https://docs.slack.dev/reference/methods/dnd.info). Times in Unix seconds. */
export const dndAnswer = z.object({
  /** The person has paused their notifications. */
  snooze_enabled: z.boolean().default(false),
  /** Absent or 0 when it does not end. */
  snooze_endtime: z.number().default(0),
  /** There are regular hours without notifications: the present or next ones are these. */
  dnd_enabled: z.boolean().default(false),
  next_dnd_start_ts: z.number().default(0),
  next_dnd_end_ts: z.number().default(0),
});

/** An answer of which only the success matters. */
export const anyAnswer = z.object({});

export type SlackProfile = Readonly<z.infer<typeof profileAnswer>['profile']>;
export type SlackDnd = Readonly<z.infer<typeof dndAnswer>>;
export type SlackPresence = Readonly<z.infer<typeof presenceAnswer>>;

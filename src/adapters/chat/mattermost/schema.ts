import { z } from 'zod';

/** GET /api/v4/users/{id}/status (specs/mattermost.yaml, `Status`; `dnd_end_time` from the server's source). */
export const statusAnswer = z.object({
  /** `online`, `away`, `dnd`, `offline`, or `ooo`: out of office with automatic replies. */
  status: z.string(),
  /** The person has set it; otherwise it follows their activity. Online is never manual. */
  manual: z.boolean().optional(),
  /** Unix seconds; 0 for never. Only ever set with `dnd`. */
  dnd_end_time: z.number().int().default(0),
});

/** GET /api/v4/users/me. */
export const userAnswer = z.object({
  id: z.string().min(1),
  /** `customStatus` is JSON inside the JSON: see {@link customStatus}. Empty after it was cleared. */
  props: z.object({ customStatus: z.string().optional() }).nullish(),
});

/** What `props.customStatus` holds. The server leaves it there when its time is over; clients hide it. */
export const customStatus = z
  .object({
    /** A name without colons. */
    emoji: z.string().default(''),
    text: z.string().default(''),
    /** RFC 3339; the year 1 (Go's zero time) for never. */
    expires_at: z
      .string()
      .refine((text) => Number.isFinite(Date.parse(text)))
      .optional(),
  })
  .nullable();

/** GET /api/v4/config/client?format=old: every value is text. */
export const configAnswer = z.object({ EnableCustomUserStatuses: z.string().optional() });

/** `AppError`, as far as it is read: its message may name people. */
export const errorAnswer = z.object({ id: z.string().regex(/^[a-z0-9_.]{3,120}$/) });

export type MattermostStatus = Readonly<z.infer<typeof statusAnswer>>;
export type MattermostUser = Readonly<z.infer<typeof userAnswer>>;

/** The body of PUT /api/v4/users/{id}/status. `user_id` must be the id itself, not `me`. */
export interface StatusUpdate {
  readonly user_id: string;
  readonly status: 'online' | 'away' | 'dnd';
  /** Unix seconds. */
  readonly dnd_end_time?: number;
}

/** The body of PUT /api/v4/users/{id}/status/custom. One of text and emoji must be given. */
export interface CustomStatusUpdate {
  readonly emoji: string;
  readonly text: string;
  readonly duration?: 'date_and_time';
  /** ISO 8601, not in the past. */
  readonly expires_at?: string;
}

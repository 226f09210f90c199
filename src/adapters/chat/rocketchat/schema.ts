import { z } from 'zod';

/** GET /api/v1/users.getStatus for oneself (specs/rocketchat.yaml). */
export const statusAnswer = z.object({
  /** What others see: `online`, `away`, `busy`, `offline`. */
  status: z.string(),
  /** Who set it, since 8.6.0: `manual`, or `internal` and `external` for a call or a calendar. Absent where nobody did. */
  statusSource: z.string().optional(),
  /** ISO 8601, since 8.6.0. */
  statusExpiresAt: z
    .string()
    .refine((text) => Number.isFinite(Date.parse(text)))
    .optional(),
});

/** GET /api/v1/me: the text, which users.getStatus does not tell, and what the person chose. */
export const meAnswer = z.object({
  statusText: z.string().nullish(),
  /** What the person chose; `online` leaves it to their clients whether they are there. Servers need not tell it. */
  statusDefault: z.string().nullish(),
});

/** GET /api/info, which needs no sign-in: `8.6.1`, or `8.6` for those who are no administrators. */
export const infoAnswer = z.object({
  version: z.string().optional(),
  /** Where old servers had it. */
  info: z.object({ version: z.string().optional() }).optional(),
});

/** An error, as far as it is read: the rest is in the person's language. Errors of the sign-in have no `errorType`. */
export const errorAnswer = z.object({
  errorType: z
    .string()
    .regex(/^[a-z][a-z0-9-]{2,79}$/)
    .optional()
    .catch(undefined),
  details: z
    .object({
      /** Milliseconds. */
      timeToReset: z.number().min(0).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export type RocketchatStatus = Readonly<z.infer<typeof statusAnswer>>;
export type RocketchatMe = Readonly<z.infer<typeof meAnswer>>;

/** The body of POST /api/v1/users.setStatus: what is left out stays. */
export interface StatusUpdate {
  readonly message: string;
  readonly status?: 'online' | 'away' | 'busy';
  /** ISO 8601, in the future; since 8.6.0. It ends text and status together. Absent: for good. */
  readonly expiresAt?: string;
}

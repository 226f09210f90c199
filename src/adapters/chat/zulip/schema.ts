import { z } from 'zod';

/** GET /api/v1/server_settings (specs/zulip.yaml): what the server can do. Servers before Zulip 3.0 do not say. */
export const settingsAnswer = z.object({ zulip_feature_level: z.number().int().default(0) });

/** GET /api/v1/users/me. */
export const meAnswer = z.object({ user_id: z.number().int(), is_bot: z.boolean().default(false) });

/** GET /api/v1/users/{user_id}/status; an empty object where nothing is set. */
export const statusAnswer = z.object({
  status: z.object({
    status_text: z.string().default(''),
    /** A name without colons; `emoji_code` and `reaction_type` say which emoji of that name, and are not needed to set it. */
    emoji_name: z.string().default(''),
  }),
});

/** An error, as far as it is read (https://zulip.com/api/rest-error-handling): its `msg` is in the person's language. */
export const errorAnswer = z.object({
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{2,79}$/)
    .optional()
    .catch(undefined),
  /** Seconds, with a fraction. */
  'retry-after': z.number().min(0).optional().catch(undefined),
});

export type ZulipStatus = Readonly<z.infer<typeof statusAnswer>['status']>;

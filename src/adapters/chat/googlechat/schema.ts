import { z } from 'zod';

/**
 * `Availability`, as users.availability.get and all its other methods answer
 * (https://developers.google.com/workspace/chat/api/reference/rest/v1/users.availability).
 */
export const availabilityAnswer = z.object({
  /** `ACTIVE`, `IDLE`, `AWAY`, `DO_NOT_DISTURB` or a word to come. Absent when it is not known. */
  state: z.string().optional(),
  customStatus: z
    .object({
      text: z.string().default(''),
      emoji: z.object({ unicode: z.string().optional() }).optional(),
      /** RFC 3339, with up to nine digits of a second. */
      expireTime: z.string().optional(),
    })
    .optional(),
});

/** Google's error model (https://google.aip.dev/193), as far as it is read. */
export const errorAnswer = z.object({
  error: z.object({
    details: z
      .array(z.object({ '@type': z.string().catch(''), reason: z.string().optional().catch(undefined) }))
      .catch([]),
  }),
});

export type Availability = Readonly<z.infer<typeof availabilityAnswer>>;

/** The status as users.availability.patch takes it: text of at most 64, and an emoji of Unicode, are both required. */
export interface CustomStatus {
  readonly text: string;
  readonly emoji: { readonly unicode: string };
  readonly expireTime?: string;
}

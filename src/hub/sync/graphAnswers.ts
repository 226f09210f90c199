import { z } from 'zod';

/** Graph's answers to organisation sync, as far as they are read. What else they hold is dropped while they are parsed. */

export const batchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
});

export const mailboxZone = z.object({ timeZone: z.string().nullish() });

const dateTimeTimeZone = z.object({ dateTime: z.string(), timeZone: z.string() });

/** `scheduleInformation`; of its items neither subject nor location is taken. */
export const schedules = z.object({
  value: z.array(
    z.object({
      scheduleId: z.string(),
      error: z.object({ responseCode: z.string().nullish() }).nullish(),
      scheduleItems: z
        .array(
          z.object({
            start: dateTimeTimeZone,
            end: dateTimeTimeZone,
            // Older pages of Microsoft's write it with a capital letter.
            status: z
              .string()
              .transform((word) => `${word.slice(0, 1).toLowerCase()}${word.slice(1)}`)
              .catch('unknown'),
          }),
        )
        .nullish(),
      workingHours: z.object({ timeZone: z.object({ name: z.string().nullish() }).nullish() }).nullish(),
    }),
  ),
});

export const userPage = z.object({
  value: z.array(
    z.object({
      id: z.string().min(1),
      displayName: z.string().nullish(),
      mail: z.string().nullish(),
      accountEnabled: z.boolean().nullish(),
    }),
  ),
  '@odata.nextLink': z.string().nullish(),
});

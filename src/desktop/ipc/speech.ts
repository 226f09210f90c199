import { z } from 'zod';
import { LANGUAGES, type Speech } from '../../core/texts.ts';

/** How a window speaks. */
export const speech = z.object({
  language: z.enum(LANGUAGES),
  locale: z.string(),
  overrides: z.record(z.string(), z.string()),
}) satisfies z.ZodType<Speech>;

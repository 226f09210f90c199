import { z } from 'zod';
import { ERROR_CODES } from '../../core/appError.ts';
import { NO_VIEW, type View } from './model.ts';

const words = z.object({ text: z.string().optional(), emoji: z.string().optional() });
const span = z.object({
  start: z.number(),
  end: z.number(),
  effect: z.enum(['dnd', 'busy', 'away']),
  isOutOfOffice: z.boolean(),
  words: words.nullable(),
  events: z.array(z.string()),
});

const view = z.object({
  zone: z.string().nullable(),
  zoneAt: z.number(),
  readAt: z.number().nullable(),
  spans: z.array(span),
  failures: z.number().int().min(0),
  code: z.enum(ERROR_CODES).nullable().catch(null),
  notBefore: z.number(),
  reported: z.array(z.number()).max(2),
});

/** A stored view; one of another version, or none, is as if it was never read. */
export function readView(value: unknown): View {
  const parsed = view.safeParse(value);
  return parsed.success ? parsed.data : NO_VIEW;
}

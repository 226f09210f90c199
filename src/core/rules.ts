import { z } from 'zod';
import { workingHours } from './workingHours.ts';

/** What a person's calendar says turns their presence into; `ignore` leaves it alone. */
export const effect = z.enum(['ignore', 'dnd', 'busy', 'away']);
export type Effect = z.infer<typeof effect>;

const minutes = (most: number) => z.number().int().min(0).max(most).default(0);

/** The most that each of the numbers of minutes may be. */
export const MOST_MINUTES = { leadMinutes: 30, tailMinutes: 30, minimumMinutes: 240, bridgeMinutes: 60 } as const;

/** What a chat is to show beside the state. Templates: see core/templates.ts. */
const words = { text: z.string().max(500).optional(), emoji: z.string().max(100).optional() };

export const rules = z.object({
  showAs: z
    .object({
      free: effect.default('ignore').describe('What an event shown as "Free" turns the presence into.'),
      tentative: effect.default('ignore').describe('The same for "Tentative".'),
      busy: effect.default('dnd').describe('The same for "Busy".'),
      oof: effect.default('away').describe('The same for "Out of office". It outranks all others at the same time.'),
      workingElsewhere: effect.default('ignore').describe('The same for "Working elsewhere".'),
      unknown: effect.default('ignore').describe('The same for events that do not say.'),
    })
    .prefault({})
    .describe('What an event counts as, by what its owner shows it as. `ignore`: it does not count.'),
  categories: z
    .array(z.object({ name: z.string().min(1).max(255), effect, ...words }))
    .max(100)
    .default([])
    .describe(
      'What events of a category count as, whatever they are shown as; the first that fits. May have own words.',
    ),
  words: z
    .partialRecord(z.enum(['free', 'tentative', 'busy', 'workingElsewhere', 'unknown']), z.object(words))
    .default({})
    .describe('Status text and emoji for events shown as this, instead of `statusMessage` and `statusEmoji`.'),
  workingHours: workingHours
    .nullable()
    .default(null)
    .describe(
      'When meetings count, by weekday, in the zone of your computer. Out of office counts always. null: always.',
    ),
  leadMinutes: minutes(MOST_MINUTES.leadMinutes).describe('So long before its start an event counts already. Minutes.'),
  tailMinutes: minutes(MOST_MINUTES.tailMinutes).describe('So long after its end an event still counts. Minutes.'),
  allDay: z
    .enum(['never', 'oof', 'always'])
    .default('oof')
    .describe('Which all-day events count: none, those out of office, or all. Midnight to midnight is all-day too.'),
  soloEvents: z
    .boolean()
    .default(true)
    .describe('Whether events without any other attendee count. Out of office counts either way.'),
  notResponded: z.boolean().default(true).describe('Whether invitations that were not answered yet count.'),
  minimumMinutes: minutes(MOST_MINUTES.minimumMinutes).describe('Shorter events do not count. Minutes.'),
  bridgeMinutes: minutes(MOST_MINUTES.bridgeMinutes).describe(
    'Gaps up to this long between two events that count alike are bridged. Minutes.',
  ),
  ownText: z
    .enum(['keep', 'replace'])
    .default('keep')
    .describe(
      'What happens to a status text that you have set by hand before a meeting: it stays, or makes room and comes back.',
    ),
});

export type Rules = z.infer<typeof rules>;

import { z } from 'zod';

/**
 * What is required of a component in jCal (RFC 7265), the form in which ical.js hands over what it has read: name,
 * properties (name, parameters, type, values) and components within.
 */
const property = z.tuple([z.string(), z.record(z.string(), z.unknown()), z.string()], z.unknown());

const inner = z.tuple([z.string(), z.array(property), z.array(z.unknown())]);

/** A VEVENT. */
export const eventComponent = z.tuple([z.literal('vevent'), z.array(property), z.array(z.unknown())]);

/** A VTIMEZONE with its STANDARD and DAYLIGHT parts. */
export const zoneComponent = z.tuple([z.literal('vtimezone'), z.array(property), z.array(inner)]);

export type Property = z.infer<typeof property>;

const listOf = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((value) => [value]), z.array(item)]).optional();

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

const weekday = z
  .string()
  .regex(/^[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)$/)
  .transform((value) => ({
    /** Monday is 0. */
    day: DAYS.findIndex((name) => value.endsWith(name)),
    /** Which of them within the month or year, from the end when negative; 0 for all. */
    nth: Number(value.slice(0, -2) || 0),
  }));

const between = (least: number, most: number) => z.int().min(least).max(most);
const around = (most: number) => between(-most, most).refine((value) => value !== 0);

/** RRULE (RFC 5545 section 3.3.10). SECONDLY is left out: no calendar has a meeting each second. */
export const recurrenceRule = z
  .object({
    freq: z.enum(['MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']),
    interval: z
      .int()
      .min(0)
      .default(1)
      .transform((value) => Math.max(1, value)),
    count: z.int().min(0).optional(),
    until: z.string().optional(),
    /** ical.js counts Sunday as 1; Monday is 0 here. */
    wkst: between(1, 7)
      .default(2)
      .transform((value) => (value + 5) % 7),
    bysecond: listOf(between(0, 60)),
    byminute: listOf(between(0, 59)),
    byhour: listOf(between(0, 23)),
    byday: listOf(weekday),
    bymonthday: listOf(around(31)),
    byyearday: listOf(around(366)),
    byweekno: listOf(around(53)),
    bymonth: listOf(between(1, 12)),
    bysetpos: listOf(around(366)),
  })
  .refine((rule) => rule.bysetpos === undefined || (rule.freq !== 'HOURLY' && rule.freq !== 'MINUTELY'));

export type RecurrenceRule = z.infer<typeof recurrenceRule>;

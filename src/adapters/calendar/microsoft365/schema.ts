import { z } from 'zod';

/**
 * The fields that are read of Graph's `event` resource. Words that are not known yet become `unknown` (or what stands for
 * nothing said), so that a new one never costs the whole calendar.
 */
const dateTimeTimeZone = z.object({ dateTime: z.string(), timeZone: z.string() });

const address = z
  .object({ emailAddress: z.object({ address: z.string().nullish() }).nullish(), type: z.string().nullish() })
  .nullish()
  .transform((value) => ({
    address: value?.emailAddress?.address?.trim().toLowerCase() ?? '',
    isResource: value?.type === 'resource',
  }));

const SHOW_AS = ['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown'] as const;
const RESPONSES = ['none', 'organizer', 'tentativelyAccepted', 'accepted', 'declined', 'notResponded'] as const;
const SENSITIVITIES = ['normal', 'personal', 'private', 'confidential'] as const;

export const graphEvent = z.object({
  id: z.string().min(1),
  iCalUId: z.string().nullish(),
  subject: z.string().nullish(),
  // Decides nothing, so it never costs the calendar.
  location: z.object({ displayName: z.string().nullish() }).nullish().catch(null),
  start: dateTimeTimeZone,
  end: dateTimeTimeZone,
  isAllDay: z.boolean().nullish(),
  showAs: z.enum(SHOW_AS).catch('unknown'),
  isCancelled: z.boolean().nullish(),
  isOrganizer: z.boolean().nullish(),
  responseStatus: z.object({ response: z.enum(RESPONSES).catch('none') }).nullish(),
  // A kind of secrecy nobody knows yet is still one.
  sensitivity: z.preprocess((value) => value ?? 'normal', z.enum(SENSITIVITIES).catch('private')),
  attendees: z.array(address).nullish(),
  organizer: address,
  categories: z.array(z.string()).nullish(),
  originalStartTimeZone: z.string().nullish(),
});

export type GraphEvent = z.infer<typeof graphEvent>;

/** What `$select` asks for: the fields above, nothing more. */
export const SELECT = Object.keys(graphEvent.shape);

export const graphPage = z.object({
  value: z.array(graphEvent),
  '@odata.nextLink': z.string().nullish(),
});

/** Graph's `calendar`, for choosing one. */
export const graphCalendarPage = z.object({
  value: z.array(
    z.object({
      id: z.string().min(1),
      name: z.string().nullish(),
      isDefaultCalendar: z.boolean().nullish(),
      owner: z.object({ name: z.string().nullish(), address: z.string().nullish() }).nullish(),
    }),
  ),
  '@odata.nextLink': z.string().nullish(),
});

export type GraphCalendar = z.infer<typeof graphCalendarPage>['value'][number];

import { z } from 'zod';

/** tsdav hands texts over as what they look like (`2026` as a number), and CDATA in an object of its own. */
const text = z
  .union([z.string(), z.number(), z.boolean(), z.object({ _cdata: z.unknown() }), z.object({})])
  .transform((value) => {
    if (typeof value !== 'object') return String(value);
    return '_cdata' in value ? [value._cdata].flat().map(String).join('') : '';
  })
  .optional()
  .catch(undefined);

/** One or several children of a name: tsdav gives a list only where there are several. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item.transform((value) => [value])])
    .optional()
    .catch(undefined);

const href = z.object({ href: listOf(text) });

/** The properties that are asked for (RFC 4791, 5397, 6578, and Apple's getctag). */
const properties = z.object({
  resourcetype: z.record(z.string(), z.unknown()).optional().catch(undefined),
  displayname: text,
  getetag: text,
  /** CalendarServer's: changes with anything in the calendar. */
  getctag: text,
  syncToken: text,
  calendarData: text,
  currentUserPrincipal: z.object({ href: text, unauthenticated: z.unknown().optional() }).optional().catch(undefined),
  calendarHomeSet: href.optional().catch(undefined),
  calendarUserAddressSet: href.optional().catch(undefined),
  supportedCalendarComponentSet: z
    .object({ comp: listOf(z.object({ _attributes: z.object({ name: z.string() }) })) })
    .optional()
    .catch(undefined),
});

/** One `response` of a multistatus (RFC 4918 section 14.24), as tsdav takes it apart. */
export const davResponse = z.object({
  href: text.pipe(z.string()),
  status: z.number(),
  props: properties.optional(),
});

export type DavResponse = Readonly<z.infer<typeof davResponse>>;
export type DavProperties = Readonly<z.infer<typeof properties>>;

/** The token at the end of a `sync-collection` (RFC 6578 section 6.4). */
export const syncAnswer = z.object({ multistatus: z.object({ syncToken: text }) });

import { z } from 'zod';

/** The four words of RFC 6121 section 4.7.2.1; none is available. What is unknown is taken as none. */
const show = z.enum(['away', 'chat', 'dnd', 'xa']);

/** A presence stanza, its XML taken apart (RFC 6121 section 4.7). */
export const presenceStanza = z.object({
  /** The full address it came from. */
  from: z.string().min(1),
  /** Absent: available. */
  type: z.string().optional(),
  show: show.optional().catch(undefined),
  status: z.string().default(''),
  priority: z.coerce.number().int().min(-128).max(127).catch(0),
  /** The client says since when nobody has touched it (XEP-0319, XEP-0256). */
  isIdle: z.boolean(),
});

export type PresenceStanza = Readonly<z.infer<typeof presenceStanza>>;
export type Show = z.infer<typeof show>;

import { z } from 'zod';

/**
 * GET /me/presence (specs/graph.yaml, `microsoft.graph.presence`), as far as it is read. Availability and activity are
 * strings, not enums: Microsoft adds words without a new version.
 */
export const presenceAnswer = z.object({
  /** `Available`, `AvailableIdle`, `Away`, `BeRightBack`, `Busy`, `BusyIdle`, `DoNotDisturb`, `Offline`, `PresenceUnknown`. */
  availability: z.string().nullish(),
  /** What lies behind it, such as `InACall`; the same word as `availability` where the person has set it. */
  activity: z.string().nullish(),
  statusMessage: z
    .object({
      message: z.object({ content: z.string().nullish() }).nullish(),
      /** Local time in `timeZone`, an IANA or a Windows name; absent when the message does not end. */
      expiryDateTime: z.object({ dateTime: z.string(), timeZone: z.string().nullish() }).nullish(),
    })
    .nullish(),
});

export type TeamsPresence = Readonly<z.infer<typeof presenceAnswer>>;

/** The body of `setUserPreferredPresence`: pairs that Microsoft allows, and an ISO 8601 duration. */
export interface PreferredPresence {
  readonly availability: 'Busy' | 'DoNotDisturb' | 'Away';
  readonly activity: 'Busy' | 'DoNotDisturb' | 'Away';
  readonly expirationDuration?: string;
}

/** The body of `setStatusMessage`. */
export interface StatusMessage {
  readonly message: { readonly content: string; readonly contentType: 'text' };
  readonly expiryDateTime?: { readonly dateTime: string; readonly timeZone: 'UTC' };
}

import { z } from 'zod';
import { DEFAULT_BUNDLE_ID } from './secretNames.ts';
import { REPLACEABLE } from './texts.ts';

const webAddress = z.url({ protocol: /^https?$/ });
const optionalWebAddress = z.union([z.literal(''), webAddress]);

/** https, or http where nobody is on the way. What is installed from there runs as the person: nobody may change it between. */
const FEED_ADDRESS = /^(https:\/\/[^\s/?#@]+([/?#]\S*)?|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?([/?#]\S*)?)?$/;

/** What an organisation sets for its people; where it sets nothing, the defaults hold. */
export const organisation = z.object({
  name: z.string().max(100).default('').describe('What your organisation is called, for its people in Preferences.'),
  lockedBecause: z
    .string()
    .max(500)
    .default('')
    .describe(
      'Why some settings are yours to set: shown to your people in Preferences, beside what they cannot change.',
    ),
  helpDeskUrl: optionalWebAddress
    .default('')
    .describe('Where a click on "There seems to be a problem with …" leads. Empty: to the log.'),
  hipchatTokenUrl: webAddress
    .default('https://www.hipchat.com/account/api')
    .describe('The page where people get their HipChat token.'),
  slackTokenUrl: webAddress
    .default('https://api.slack.com/apps')
    .describe('The page where people get their Slack token.'),
  hipchatServer: webAddress
    .default('https://api.hipchat.com')
    .describe("The HipChat server's API base, without `/v2`."),
  slackApiUrl: webAddress.default('https://slack.com/api/').describe("Slack's Web API base."),
  slackClientId: z
    .string()
    .default('')
    .describe("The client id of the organisation's Slack app; see accounts.md. Empty: people type a token."),
  slackRedirectUri: webAddress
    .default('http://localhost:47113/slack')
    .describe("One of that app's redirect URLs, to the letter: `http://localhost`, a free port and a path."),
  slackAuthorizeUrl: webAddress
    .default('https://slack.com/oauth/v2/authorize')
    .describe('Where people are asked to allow that app.'),
  graphTenant: z
    .string()
    .min(1)
    .default('organizations')
    .describe('The Entra tenant: an id, a domain, or `organizations`.'),
  graphClientId: z.string().default('').describe("The Entra app's client id; see entra-app.md. Not a secret."),
  graphAuthority: webAddress
    .default('https://login.microsoftonline.com')
    .describe('The sign-in host, https. Another one for national clouds.'),
  graphBaseUrl: webAddress
    .default('https://graph.microsoft.com')
    .describe("Microsoft Graph's base, https, without `/v1.0`. Another one for national clouds."),
  googleClientId: z
    .string()
    .default('')
    .describe("The id of the organisation's Google client of the kind Desktop app; see accounts.md."),
  googleClientSecret: z
    .string()
    .default('')
    .describe('Its client secret, which Google itself does not take for a secret in desktop apps.'),
  googleAccountsUrl: webAddress
    .default('https://accounts.google.com')
    .describe('The address of the Google sign-in, https.'),
  googleApiUrl: webAddress
    .default('https://www.googleapis.com')
    .describe("The Google Calendar API's base, https, without `/calendar/v3`."),
  googleChatUrl: webAddress
    .default('https://chat.googleapis.com')
    .describe("The Google Chat API's base, https, without `/v1`."),
  bundleId: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/)
    .default(DEFAULT_BUNDLE_ID)
    .describe("Prefix of the keychain items' names. A repackaged app has its own bundle id as the default."),
  trustedCertificateFiles: z
    .array(z.string())
    .default([])
    .describe("PEM files trusted beyond the system's: of a private authority, or of one server. Read at the start."),
  updateFeedUrl: z
    .string()
    .regex(FEED_ADDRESS, 'an empty text, or a web address that begins with https://')
    .default('')
    .describe('Where new versions of HipStatus are, https; see updates.md. Empty: none are looked for.'),
  texts: z
    .partialRecord(
      z.enum(Object.keys(REPLACEABLE) as [keyof typeof REPLACEABLE, ...(keyof typeof REPLACEABLE)[]]),
      z.string(),
    )
    .default({})
    .describe('Your own words for notifications and prompts, by the key of the text they replace.'),
});

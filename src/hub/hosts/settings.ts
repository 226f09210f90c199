import { z } from 'zod';
import { AppError } from '../../core/appError.ts';

const secret = (shortest: number) => z.string().trim().min(shortest).max(400).optional();
const list = <T>(one: z.ZodType<T, string>) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
    .pipe(z.array(one));
const address = z.url().transform((text) => text.replace(/\/+$/, ''));

/** What other chats than HipChat need, as a part of the hub's settings. Without a secret or token a chat is off. */
export const hostsShape = {
  HUB_SLACK_SIGNING_SECRET: secret(16).describe(
    'The signing secret of a Slack app. Turns `/hosts/slack/commands` and `/hosts/slack/events` on: see [Slack](addons.md#slack).',
  ),
  HUB_SLACK_BOT_TOKEN: secret(10).describe(
    "The Slack app's bot token (`xoxb-…`), to answer messages and to know people by their email address.",
  ),
  HUB_SLACK_TEAMS: list(z.string().regex(/^[A-Z0-9]{2,40}$/, 'is the id of a workspace, such as T024BE7LD')).describe(
    'Only these Slack workspaces, by their ids, with commas. Empty: all that the app is installed in.',
  ),
  HUB_SLACK_API: address.default('https://slack.com/api').describe("Where Slack's Web API is; another for GovSlack."),
  HUB_MATTERMOST_TOKENS: list(z.string().regex(/^[\w-]{16,100}$/, 'is the token that Mattermost shows')).describe(
    "The tokens of Mattermost's slash commands and outgoing webhooks, with commas. They turn `/hosts/mattermost/…` on: see [Mattermost](addons.md#mattermost).",
  ),
  HUB_MATTERMOST_URL: address
    .optional()
    .describe(
      'The address of Mattermost, such as `https://chat.example.com`: slow commands are answered there, and nowhere else.',
    ),
  HUB_STATUS_ADDON: z
    .enum(['0', '1'])
    .optional()
    .describe(
      'The [status add-on](addons.md#the-status-add-on). `1`: also for HipChat, which needs `HUB_ADDON_SERVERS`. `0`: nowhere. Not set: its commands, in Slack and Mattermost where they are on.',
    ),
} as const;

/** Of these, those that are secret. */
export const HOST_SECRETS = ['HUB_SLACK_SIGNING_SECRET', 'HUB_SLACK_BOT_TOKEN', 'HUB_MATTERMOST_TOKENS'] as const;

/** Throws `invalidInput` where settings don't go together. */
export function checkHosts(settings: {
  readonly HUB_STATUS_ADDON?: '0' | '1' | undefined;
  readonly HUB_ADDON_SERVERS: readonly string[];
}): void {
  // Any other server could say that its users are people of the team, and would be told where these are.
  if (settings.HUB_STATUS_ADDON !== '1' || settings.HUB_ADDON_SERVERS.length > 0) return;
  throw new AppError(
    'invalidInput',
    'HUB_STATUS_ADDON=1 needs HUB_ADDON_SERVERS: the origins of the HipChat servers whose people are those of the team.',
  );
}

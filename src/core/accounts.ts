import { z } from 'zod';
import type { SecretName } from './secretNames.ts';

/** A calendar the person uses, as the settings keep it. Secrets are in the keychain, never here. */
export const calendarAccount = z.discriminatedUnion('provider', [
  z.object({
    id: z.string().min(1),
    provider: z.literal('microsoft365'),
    /** MSAL's `homeAccountId`: which cached sign-in this is; empty for the only one, as an organisation configures it. */
    homeAccountId: z.string().default(''),
    /** The address signed in with. */
    username: z.string().default(''),
    /** Ids of the calendars that are read (`calendars` of the provider lists them); none for the person's own. */
    calendars: z.array(z.string()).default([]),
  }),
  z.object({
    id: z.string().min(1),
    provider: z.literal('ics'),
    /** What the person calls it. */
    name: z.string().default('Published calendar'),
    /** For addresses behind HTTP Basic; empty for none. The password is in the keychain. */
    username: z.string().default(''),
  }),
]);

/** What one chat is told otherwise than the others; what is absent is as in the settings. */
const ownWords = z.object({
  statusMessage: z.string().max(500).optional(),
  statusEmoji: z.string().max(100).optional(),
  oofMessage: z.string().max(500).optional(),
  oofEmoji: z.string().max(100).optional(),
});

const chatFields = { id: z.string().min(1), email: z.string().default(''), words: ownWords.optional() };

/** A chat the person uses; the address finds the person there and their token in the keychain. */
export const chatAccount = z.discriminatedUnion('provider', [
  z.object({ ...chatFields, provider: z.literal('hipchat') }),
  z.object({ ...chatFields, provider: z.literal('slack') }),
]);

export type CalendarAccount = Readonly<z.infer<typeof calendarAccount>>;
export type ChatAccount = Readonly<z.infer<typeof chatAccount>>;

/** How a provider is called in windows, menus and messages. */
export const PROVIDER_NAMES: Readonly<Record<CalendarAccount['provider'] | ChatAccount['provider'], string>> = {
  microsoft365: 'Microsoft 365',
  ics: 'Published calendar',
  hipchat: 'HipChat',
  slack: 'Slack',
};

/** The keychain item of a chat's token. */
export const tokenName = (account: ChatAccount): SecretName => ({
  kind: account.provider === 'hipchat' ? 'hctoken' : 'slacktoken',
  account: account.email,
});

/** A chat that names no address of its own goes by the person's. */
export const withEmail = <T extends ChatAccount>(account: T, email: string): T => ({
  ...account,
  email: account.email || email,
});

import { z } from 'zod';
import { CATALOGUE, entryOf } from './providerCatalogue.ts';
import { effect } from './rules.ts';

const id = z.string().min(1);
/** Absent where it is not known yet: what an organisation configures names no person. */
const text = z.string().default('');
/** Ids of the calendars that are read; empty for the main one. */
const calendars = z.array(z.string()).default([]);

const microsoft365Account = z.object({
  id,
  provider: z.literal('microsoft365'),
  /** MSAL's `homeAccountId`: which cached sign-in this is; empty for the only one, as an organisation configures it. */
  homeAccountId: text,
  /** The address signed in with. */
  username: text,
  calendars,
});

const icsAccount = z.object({
  id,
  provider: z.literal('ics'),
  /** What the person calls it. */
  name: z.string().default('Published calendar'),
  /** For addresses behind HTTP Basic; empty for none. The password is in the keychain. */
  username: text,
});

/** `username` is the address signed in with. */
const googleAccount = z.object({ id, provider: z.literal('google'), username: text, calendars });

/** `server` is the address that discovery begins at (RFC 6764), such as `https://caldav.icloud.com`. */
const caldavAccount = z.object({ id, provider: z.literal('caldav'), server: text, username: text, calendars });

/** A calendar the person uses, as the settings keep it. Secrets are in the keychain, never here. */
export const calendarAccount = z.discriminatedUnion('provider', [
  microsoft365Account,
  googleAccount,
  caldavAccount,
  icsAccount,
]);

/** What one chat is told otherwise than the others; what is absent is as in the settings. */
const ownWords = z.object({
  statusMessage: z.string().max(500).optional(),
  statusEmoji: z.string().max(100).optional(),
  oofMessage: z.string().max(500).optional(),
  oofEmoji: z.string().max(100).optional(),
});

/** What one chat shows otherwise than the others. */
const differences = {
  words: ownWords.optional(),
  /** Of state and text, which are shown there at all; both, unless said otherwise. */
  shows: z.object({ state: z.boolean().default(true), text: z.boolean().default(true) }).optional(),
  /** What a state becomes there; `ignore`: it is not shown there at all, neither state nor text. */
  as: z.object({ dnd: effect.optional(), busy: effect.optional(), away: effect.optional() }).optional(),
};

/** `email` finds the person there; empty for their own address. */
const hipchatAccount = z.object({ id, provider: z.literal('hipchat'), email: text, ...differences });

/** `email` names the keychain item of the first workspace's token; `name` is what the person calls the workspace. */
const slackAccount = z.object({
  id,
  provider: z.literal('slack'),
  email: text,
  name: z.string().optional(),
  ...differences,
});

/** `username` is only for signing in with a password instead of a token. */
const mattermostAccount = z.object({
  id,
  provider: z.literal('mattermost'),
  server: text,
  username: text,
  ...differences,
});

const zulipAccount = z.object({ id, provider: z.literal('zulip'), server: text, email: text, ...differences });

/** `userId` goes with the token (`X-User-Id`). */
const rocketchatAccount = z.object({
  id,
  provider: z.literal('rocketchat'),
  server: text,
  userId: text,
  ...differences,
});

/** As `microsoft365`, with a sign-in of its own. */
const teamsAccount = z.object({
  id,
  provider: z.literal('teams'),
  homeAccountId: text,
  username: text,
  ...differences,
});

const googlechatAccount = z.object({ id, provider: z.literal('googlechat'), username: text, ...differences });

/** `address` is the bare JID; `server` is `host` or `host:port`, empty to find it by the address (RFC 6120 section 3.2). */
const xmppAccount = z.object({ id, provider: z.literal('xmpp'), address: text, server: text, ...differences });

/** Its address is a secret: whoever knows it can post there. `person` is sent along, so that a receiver can tell people apart. */
const webhookAccount = z.object({
  id,
  provider: z.literal('webhook'),
  name: text,
  person: text,
  ...differences,
});

/** `server` is the hub's address; whose presence it is, the token says. */
const hubAccount = z.object({ id, provider: z.literal('hub'), server: text, ...differences });

/** A chat the person uses. Their token is in the keychain. */
export const chatAccount = z.discriminatedUnion('provider', [
  hipchatAccount,
  slackAccount,
  mattermostAccount,
  teamsAccount,
  googlechatAccount,
  zulipAccount,
  rocketchatAccount,
  xmppAccount,
  webhookAccount,
  hubAccount,
]);

export type CalendarAccount = Readonly<z.infer<typeof calendarAccount>>;
export type ChatAccount = Readonly<z.infer<typeof chatAccount>>;
export type Account = CalendarAccount | ChatAccount;
export type CalendarName = CalendarAccount['provider'];
export type ChatName = ChatAccount['provider'];
export type ProviderName = Account['provider'];

const namesOf = <Name extends string>(options: readonly { shape: { provider: { value: Name } } }[]) =>
  options.map(({ shape }) => shape.provider.value);

/** Every calendar and every chat there is. */
export const CALENDAR_NAMES: readonly CalendarName[] = namesOf<CalendarName>(calendarAccount.options);
export const CHAT_NAMES: readonly ChatName[] = namesOf<ChatName>(chatAccount.options);

export const isChatName = (provider: ProviderName): provider is ChatName =>
  CHAT_NAMES.some((name) => name === provider);

export const calendarName = z.enum(CALENDAR_NAMES);
export const chatName = z.enum(CHAT_NAMES);
export const providerName = z.enum([...CALENDAR_NAMES, ...CHAT_NAMES]);

/** How a provider is called in windows, menus and messages. */
export const PROVIDER_NAMES = Object.fromEntries(
  Object.entries(CATALOGUE).map(([provider, { name }]) => [provider, name]),
) as Readonly<Record<keyof typeof CATALOGUE, string>>;

/** What the person knows an account by: the provider, and what tells it from others of its kind. */
export function accountLabel(account: Account): string {
  const { name, calledBy } = entryOf(account.provider);
  const own = calledBy === undefined ? '' : textOf(account, calledBy.key).replace(/^\w+:\/\/|\/+$/g, '');
  if (own === '') return name;
  return calledBy?.alone === true ? own : `${name} (${own})`;
}

/** A text that the settings keep of an account; empty where there is none. */
export function textOf(account: Account, key: string): string {
  const value: unknown = Object.hasOwn(account, key) ? account[key as keyof Account] : undefined;
  return typeof value === 'string' ? value : '';
}

/** A chat that names no address of its own goes by the person's. */
export const withEmail = <T extends ChatAccount>(account: T, email: string): T =>
  'email' in account ? { ...account, email: account.email || email } : account;

/** The first account of a provider is called like it; further ones are numbered, so that what is kept of the first stays. */
export function newAccountId(provider: ProviderName, taken: readonly Pick<Account, 'id'>[]): string {
  const isTaken = (candidate: string) => taken.some((account) => account.id === candidate);
  if (!isTaken(provider)) return provider;
  let number = 2;
  while (isTaken(`${provider}-${number}`)) number += 1;
  return `${provider}-${number}`;
}

/** Whether the account got its id by `newAccountId` beside others of its kind. */
export const isFurther = ({ id: given, provider }: Account): boolean =>
  given.startsWith(`${provider}-`) && /^\d+$/.test(given.slice(provider.length + 1));

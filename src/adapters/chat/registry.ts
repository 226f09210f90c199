import { secretName } from '../../core/accountSecrets.ts';
import { accountLabel, CHAT_NAMES, type ChatAccount, type ChatName, PROVIDER_NAMES } from '../../core/accounts.ts';
import { AppError } from '../../core/appError.ts';
import type { ChatCapabilities } from '../../core/presence.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import type { Settings } from '../../core/settings.ts';
import type { ChatProvider } from '../../ports/chatProvider.ts';
import type { ClaimStore } from '../../ports/claimStore.ts';
import type { SecretStore } from '../../ports/secretStore.ts';
import type { SignIn, TokenSignIn } from '../../ports/signIn.ts';
import type { WordSource } from '../../ports/wordSource.ts';
import type { HttpDeps } from '../http.ts';
import { GOOGLE_CHAT_SCOPES } from './googlechat/client.ts';
import { googleChatProvider } from './googlechat/provider.ts';
import { GOOGLE_CHAT_CAPABILITIES } from './googlechat/transform.ts';
import { hipchatProvider } from './hipchat/provider.ts';
import { HIPCHAT_CAPABILITIES } from './hipchat/transform.ts';
import { hubProvider } from './hub/provider.ts';
import { HUB_CAPABILITIES } from './hub/transform.ts';
import { hubWords } from './hub/words.ts';
import { mattermostProvider } from './mattermost/provider.ts';
import { DEFAULT_FEATURES, capabilitiesOf as mattermostCapabilities } from './mattermost/transform.ts';
import { rocketchatProvider } from './rocketchat/provider.ts';
import { capabilitiesOf as rocketchatCapabilities } from './rocketchat/transform.ts';
import { slackTokenSource } from './slack/oauthTokens.ts';
import { slackProvider } from './slack/provider.ts';
import { slackBrowserSignIn } from './slack/signIn.ts';
import { SLACK_DND_CAPABILITIES } from './slack/transform.ts';
import { TEAMS_SCOPES } from './teams/client.ts';
import { teamsProvider } from './teams/provider.ts';
import { TEAMS_CAPABILITIES } from './teams/transform.ts';
import { webhookProvider } from './webhook/provider.ts';
import { lastTold, WEBHOOK_CAPABILITIES } from './webhook/transform.ts';
import { xmppProvider } from './xmpp/provider.ts';
import { XMPP_CAPABILITIES } from './xmpp/transform.ts';
import { zulipProvider } from './zulip/provider.ts';
import { ZULIP_CAPABILITIES } from './zulip/transform.ts';

export interface ChatDeps extends HttpDeps {
  /** Read at each call, so that a new token holds from the next call on. */
  readonly secrets: SecretStore;
  /** Every authority that is trusted, as PEM, for what does not go through `fetch`; absent: Node's own list. */
  readonly certificates?: () => readonly string[];
  readonly organisation: Settings['organisation'];
  /** What was told before this start, for chats that can't be asked. */
  readonly claims: Pick<ClaimStore, 'peek'>;
  /** Sign-ins of services that calendars use too, for what the chat needs of them. They keep what they have in `secrets`. */
  readonly microsoft: (scopes: readonly string[]) => TokenSignIn;
  readonly google: (scopes: readonly string[]) => TokenSignIn;
}

export interface ChatSignInDeps extends ChatDeps {
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
}

interface Registered<Account extends ChatAccount> {
  /** What can be done there at best; a server may allow less, which its provider knows once it was read. */
  readonly capabilities: ChatCapabilities;
  readonly make: (account: Account, deps: ChatDeps) => ChatProvider;
  /** For those that are let in by a browser's sign-in, or can be; null where the organisation has not set it up. */
  readonly signIn?: (deps: ChatSignInDeps) => SignIn | null;
  /** For those in which the person can say something to this app. */
  readonly words?: (account: Account, deps: ChatDeps) => WordSource;
}

type Registry = { readonly [Name in ChatName]: Registered<Extract<ChatAccount, { provider: Name }>> };

/** Every chat there is. A new one is a folder beside this file and an entry here. */
const PROVIDERS: Registry = {
  hipchat: {
    capabilities: HIPCHAT_CAPABILITIES,
    make: (account, { fetch, now, organisation, secrets }) =>
      hipchatProvider(account, { fetch, now, server: organisation.hipchatServer, token: tokenOf(account, secrets) }),
  },
  slack: {
    capabilities: SLACK_DND_CAPABILITIES,
    make(account, { fetch, now, organisation, secrets }) {
      const name = secretName(account);
      const token = slackTokenSource({
        fetch,
        now,
        app: { clientId: organisation.slackClientId, apiUrl: organisation.slackApiUrl },
        load: () => secrets.get(name),
        save: (secret) => secrets.set(name, secret),
      });
      return slackProvider(named(account), { fetch, now, apiUrl: organisation.slackApiUrl, token });
    },
    signIn: (deps) => slackBrowserSignIn(deps),
  },
  mattermost: {
    capabilities: mattermostCapabilities(DEFAULT_FEATURES),
    make: (account, { fetch, now, secrets }) =>
      mattermostProvider(named(account), {
        fetch,
        now,
        server: account.server,
        async signIn() {
          const { username } = account;
          if (username === '') return { kind: 'token', token: await tokenOf(account, secrets)() };
          return { kind: 'password', username, password: await secretOf(account, secrets)() };
        },
      }),
  },
  teams: {
    capabilities: TEAMS_CAPABILITIES,
    make(account, { fetch, now, organisation, microsoft }) {
      const tokens = microsoft(TEAMS_SCOPES);
      return teamsProvider(
        { ...named(account), homeAccountId: account.homeAccountId },
        {
          fetch,
          now,
          baseUrl: organisation.graphBaseUrl,
          accessToken: (wish, signal) => tokens.accessToken(account, wish, signal),
        },
      );
    },
    signIn: ({ microsoft }) => microsoft(TEAMS_SCOPES),
  },
  googlechat: {
    capabilities: GOOGLE_CHAT_CAPABILITIES,
    make(account, { fetch, now, organisation, google }) {
      const tokens = google(GOOGLE_CHAT_SCOPES);
      const owner = { id: account.id, homeAccountId: '' };
      return googleChatProvider(named(account), {
        fetch,
        now,
        baseUrl: organisation.googleChatUrl,
        accessToken: (wish, signal) => tokens.accessToken(owner, wish, signal),
      });
    },
    signIn: ({ google }) => google(GOOGLE_CHAT_SCOPES),
  },
  zulip: {
    capabilities: ZULIP_CAPABILITIES,
    make: (account, { fetch, now, secrets }) =>
      zulipProvider(named(account), {
        fetch,
        now,
        server: account.server,
        signIn: async () => ({ email: account.email, apiKey: await tokenOf(account, secrets)() }),
      }),
  },
  rocketchat: {
    capabilities: rocketchatCapabilities(true),
    make: (account, { fetch, now, secrets }) =>
      rocketchatProvider(named(account), {
        fetch,
        now,
        server: account.server,
        signIn: async () => ({ userId: account.userId, token: await tokenOf(account, secrets)() }),
      }),
  },
  xmpp: {
    capabilities: XMPP_CAPABILITIES,
    make: (account, { now, secrets, certificates }) =>
      xmppProvider(named(account), {
        now,
        address: account.address,
        server: account.server,
        password: secretOf(account, secrets),
        ...(certificates === undefined ? {} : { certificates }),
      }),
  },
  webhook: {
    capabilities: WEBHOOK_CAPABILITIES,
    make: (account, { fetch, now, secrets, claims }) =>
      webhookProvider(
        { ...named(account), person: account.person },
        {
          fetch,
          now,
          address: secretOf(account, secrets),
          secret: async () => (await secrets.get(secretName(account, 'key'))) ?? '',
          newId: () => crypto.randomUUID(),
          lastKnown: async () => lastTold((await claims.peek()).get(account.id)),
        },
      ),
  },
  hub: {
    capabilities: HUB_CAPABILITIES,
    make: (account, { fetch, now, secrets }) =>
      hubProvider(named(account), { fetch, now, server: account.server, token: tokenOf(account, secrets) }),
    words: (account, { fetch, now, secrets }) =>
      hubWords({ fetch, now, server: account.server, token: tokenOf(account, secrets) }),
  },
};

/** What each chat can do at best, without an account: for documents. */
export const CHAT_CAPABILITIES = Object.fromEntries(
  CHAT_NAMES.map((name) => [name, PROVIDERS[name].capabilities]),
) as Readonly<Record<ChatName, ChatCapabilities>>;

/** The provider of a chat account. Makes no call by itself. */
export function chatProvider(account: ChatAccount, deps: ChatDeps): ChatProvider {
  // The registry's type has matched each entry with its accounts; the compiler can't follow that through a lookup.
  const { make } = PROVIDERS[account.provider] as Registered<ChatAccount>;
  return make(account, deps);
}

/** What the person says to this app in a chat; null where that can't be done. Makes no call by itself. */
export function wordSource(account: ChatAccount, deps: ChatDeps): WordSource | null {
  const { words } = PROVIDERS[account.provider] as Registered<ChatAccount>;
  return words?.(account, deps) ?? null;
}

/** Signing in to a chat in the browser; null where that can't be done. */
export const chatSignIn = (name: ChatName, deps: ChatSignInDeps): SignIn | null =>
  PROVIDERS[name].signIn?.(deps) ?? null;

/** What the person knows the account by, for the provider to go by too. */
const named = (account: ChatAccount) => ({ id: account.id, label: accountLabel(account) });

/** Reads a secret of an account as it was typed. Throws `AppError('unauthorized')` with reason `noSecret` when there is none. */
function secretOf(account: ChatAccount, secrets: SecretStore, key?: string): () => Promise<string> {
  return async () => {
    const value = await secrets.get(secretName(account, key));
    if (value === null || value.trim() === '') throw missing(account);
    return value;
  };
}

/**
 * Reads an account's token. One with a space in it can't be sent in a header and never is one: JAMF's HipStatus kept the
 * words "Enter Token" until the person had typed theirs.
 */
function tokenOf(account: ChatAccount, secrets: SecretStore): () => Promise<string> {
  return async () => {
    const token = (await secrets.get(secretName(account)))?.trim() ?? '';
    if (!/^[\x21-\x7e]+$/.test(token)) throw missing(account);
    return token;
  };
}

const missing = ({ provider }: ChatAccount): AppError =>
  new AppError(
    'unauthorized',
    `There is no ${PROVIDER_NAMES[provider]} ${entryOf(provider).renews} yet. Enter yours in the preferences.`,
    {
      reason: 'noSecret',
    },
  );

import { secretName } from '../../core/accountSecrets.ts';
import { accountLabel, CHAT_NAMES, type ChatAccount, type ChatName, PROVIDER_NAMES } from '../../core/accounts.ts';
import { AppError } from '../../core/appError.ts';
import type { ChatCapabilities } from '../../core/presence.ts';
import type { ChatProvider } from '../../ports/chatProvider.ts';
import type { SecretStore } from '../../ports/secretStore.ts';
import type { SignIn } from '../../ports/signIn.ts';
import type { HttpDeps } from '../http.ts';
import { hipchatProvider } from './hipchat/provider.ts';
import { HIPCHAT_CAPABILITIES } from './hipchat/transform.ts';
import { slackProvider } from './slack/provider.ts';
import { SLACK_CAPABILITIES } from './slack/transform.ts';

export interface ChatDeps extends HttpDeps {
  /** Read at each call, so that a new token holds from the next call on. */
  readonly secrets: SecretStore;
  readonly organisation: {
    readonly hipchatServer: string;
    readonly slackApiUrl: string;
  };
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
    capabilities: SLACK_CAPABILITIES,
    make: (account, { fetch, now, organisation, secrets }) =>
      slackProvider(named(account), { fetch, now, apiUrl: organisation.slackApiUrl, token: tokenOf(account, secrets) }),
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

/** Signing in to a chat in the browser; null where that can't be done. */
export const chatSignIn = (name: ChatName, deps: ChatSignInDeps): SignIn | null =>
  PROVIDERS[name].signIn?.(deps) ?? null;

/** What the person knows the account by, for the provider to go by too. */
const named = (account: ChatAccount) => ({ id: account.id, label: accountLabel(account) });

/** Reads a secret of an account as it was typed. Throws `AppError('unauthorized')` with reason `noSecret` when there is none. */
export function secretOf(account: ChatAccount, secrets: SecretStore, key?: string): () => Promise<string> {
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
  new AppError('unauthorized', `There is no ${PROVIDER_NAMES[provider]} token yet. Enter yours in the preferences.`, {
    reason: 'noSecret',
  });

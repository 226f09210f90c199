import { type ChatAccount, PROVIDER_NAMES, tokenName } from '../../core/accounts.ts';
import { AppError } from '../../core/appError.ts';
import type { ChatProvider } from '../../ports/chatProvider.ts';
import type { SecretStore } from '../../ports/secretStore.ts';
import type { HttpDeps } from '../http.ts';
import { hipchatProvider } from './hipchat/provider.ts';
import { slackProvider } from './slack/provider.ts';

export interface ChatDeps extends HttpDeps {
  /** Read at each call, so that a new token holds from the next call on. */
  readonly secrets: SecretStore;
  readonly organisation: {
    readonly hipchatServer: string;
    readonly slackApiUrl: string;
  };
}

type Make = (account: ChatAccount, deps: ChatDeps) => ChatProvider;

/** Every chat there is. */
const PROVIDERS: Readonly<Record<ChatAccount['provider'], Make>> = {
  hipchat: (account, deps) =>
    hipchatProvider(account, {
      fetch: deps.fetch,
      now: deps.now,
      server: deps.organisation.hipchatServer,
      token: () => readToken(account, deps.secrets),
    }),
  slack: (account, deps) =>
    slackProvider(account, {
      fetch: deps.fetch,
      now: deps.now,
      apiUrl: deps.organisation.slackApiUrl,
      token: () => readToken(account, deps.secrets),
    }),
};

/** The provider of a chat account. Makes no call by itself. */
export const chatProvider = (account: ChatAccount, deps: ChatDeps): ChatProvider =>
  PROVIDERS[account.provider](account, deps);

/**
 * The account's token. One with a space in it can't be sent in a header and never is one: JAMF's HipStatus kept the words
 * "Enter Token" until the person had typed theirs.
 */
async function readToken(account: ChatAccount, secrets: SecretStore): Promise<string> {
  const token = (await secrets.get(tokenName(account)))?.trim() ?? '';
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const service = PROVIDER_NAMES[account.provider];
    throw new AppError('unauthorized', `There is no ${service} token yet. Enter yours in the preferences.`, {
      reason: 'noSecret',
    });
  }
  return token;
}

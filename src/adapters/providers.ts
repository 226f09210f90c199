import { isChatName, type ProviderName } from '../core/accounts.ts';
import type { Settings } from '../core/settings.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SignIn } from '../ports/signIn.ts';
import type { WordSources } from '../ports/wordSource.ts';
import { calendarProvider, calendarSignIn, googleTokens, microsoftSignIn } from './calendar/registry.ts';
import { type ChatSignInDeps, chatProvider, chatSignIn, wordSource } from './chat/registry.ts';
import type { HttpDeps } from './http.ts';

/** What providers are made of; asked at each, as the settings may have changed. */
export interface Services extends HttpDeps {
  readonly secrets: SecretStore;
  readonly claims: Pick<ClaimStore, 'peek'>;
  readonly certificates?: () => readonly string[];
  readonly organisation: Settings['organisation'];
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
}

/** Every calendar and chat, and the sign-ins of both, for app and command line alike. */
export function createProviders(services: () => Services): {
  readonly providers: Providers;
  /** Null where that can't be done. */
  readonly signIn: (provider: ProviderName) => SignIn | null;
  readonly words: WordSources;
} {
  const forChat = (given: Services): ChatSignInDeps => ({
    ...given,
    microsoft: (scopes) => microsoftSignIn(given, scopes),
    google: (scopes) => googleTokens(given, scopes),
  });
  return {
    providers: {
      calendar: (account, secrets) => calendarProvider(account, { ...services(), secrets }),
      chat: (account, secrets) => chatProvider(account, forChat({ ...services(), secrets })),
    },
    signIn: (provider) =>
      isChatName(provider) ? chatSignIn(provider, forChat(services())) : calendarSignIn(provider, services()),
    words: (account) => wordSource(account, forChat(services())),
  };
}

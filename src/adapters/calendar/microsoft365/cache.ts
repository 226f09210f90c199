import type { ICachePlugin } from '@azure/msal-node';
import { AppError } from '../../../core/appError.ts';
import type { SecretName } from '../../../core/secretNames.ts';
import type { SecretStore } from '../../../ports/secretStore.ts';

/** The keychain item that holds an account's tokens. */
export const cacheName = (accountId: string): SecretName => ({ kind: 'msalcache', account: accountId });

/** MSAL's token cache in the keychain: read before each use, written only when MSAL has changed it. */
export function keychainCache(secrets: SecretStore, accountId: string): ICachePlugin {
  return {
    async beforeCacheAccess(context) {
      const stored = await secrets.get(cacheName(accountId));
      if (stored === null) return;
      try {
        context.tokenCache.deserialize(stored);
      } catch {
        // The parser's message would quote what it could not read, so it goes no further.
        const message = 'The saved Microsoft 365 sign-in can not be read. Sign in again.';
        throw new AppError('unauthorized', message, { reason: 'interactionRequired' });
      }
    },
    async afterCacheAccess(context) {
      if (context.cacheHasChanged) await secrets.set(cacheName(accountId), context.tokenCache.serialize());
    },
  };
}

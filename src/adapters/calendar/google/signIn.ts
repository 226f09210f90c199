import { AppError } from '../../../core/appError.ts';
import type { TokenSignIn } from '../../../ports/signIn.ts';
import { GoogleAuth, type GoogleAuthDeps } from './auth.ts';

/** Signing in to Google for one purpose. @param scopes full addresses, such as `https://www.googleapis.com/auth/…` */
export function googleSignIn(deps: GoogleAuthDeps, scopes: readonly string[]): TokenSignIn {
  const auth = new GoogleAuth(deps);
  /** The last token of each account: the one that a call was refused with. */
  const given = new Map<string, string>();
  return {
    async interactive(accountId, hint, signal) {
      const { username } = await auth.signIn(accountId, scopes, hint, signal);
      return { homeAccountId: '', username };
    },
    // "Limited-input device" clients may ask for few scopes only, and for none of these (OAuth 2.0 for TV apps, "Allowed scopes").
    async deviceCode() {
      throw new AppError('invalidInput', 'Google takes this sign-in in a browser on this computer only.', {
        reason: 'notConfigured',
      });
    },
    async signOut(accountId) {
      given.delete(accountId);
      await auth.signOut(accountId);
    },
    async accessToken({ id }, { forceRefresh = false }, signal) {
      const token = await auth.accessToken(id, scopes, signal, forceRefresh ? given.get(id) : undefined);
      given.set(id, token);
      return token;
    },
  };
}

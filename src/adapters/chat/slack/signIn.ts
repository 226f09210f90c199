import { AppError } from '../../../core/appError.ts';
import type { SignIn } from '../../../ports/signIn.ts';
import type { HttpDeps } from '../../http.ts';
import { slackSignIn } from './oauth.ts';
import { isLoopback } from './oauthLoopback.ts';

/** What the organisation has set about Slack. */
export interface SlackOrganisation {
  /** Empty where it has no app of its own: then people type a token. */
  readonly slackClientId: string;
  readonly slackRedirectUri: string;
  readonly slackAuthorizeUrl: string;
  readonly slackApiUrl: string;
}

export interface SlackBrowserDeps extends HttpDeps {
  readonly organisation: SlackOrganisation;
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
}

/** Signing in with the organisation's Slack app; null where it has none. The tokens are handed back for the keychain. */
export function slackBrowserSignIn({ fetch, now, organisation, openAddress }: SlackBrowserDeps): SignIn | null {
  const { slackClientId, slackRedirectUri, slackAuthorizeUrl, slackApiUrl } = organisation;
  if (slackClientId === '' || !isLoopback(slackRedirectUri)) return null;
  const app = {
    clientId: slackClientId,
    redirectUri: slackRedirectUri,
    authorizeUrl: slackAuthorizeUrl,
    apiUrl: slackApiUrl,
  };
  return {
    async interactive(_accountId, _hint, signal) {
      const { secret, teamName } = await slackSignIn({ fetch, now, openAddress, app }, signal);
      return { homeAccountId: '', username: '', name: teamName, secret };
    },
    async deviceCode() {
      throw new AppError('invalidInput', 'Slack takes this sign-in in a browser on this computer only.', {
        reason: 'notConfigured',
      });
    },
    // What there is to forget is in the keychain, under the account's own secret.
    signOut: async () => undefined,
  };
}

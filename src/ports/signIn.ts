import type { Instant } from '../core/time.ts';

/** Who signed in; the account keeps what its schema has of it. */
export interface SignedIn {
  /** MSAL's; empty elsewhere. */
  readonly homeAccountId: string;
  /** What the service calls the place that was signed in to, such as a Slack workspace. */
  readonly name?: string;
  /** For the keychain, in place of a typed token; absent where the sign-in keeps what it needs by itself. */
  readonly secret?: string;
  readonly username: string;
}

/** What the person types at another device. */
export interface DeviceCode {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresAt: Instant;
}

/** What the sign-in is for, where it is for more than the person's own calendar. */
export interface SignInWish {
  /** The account's chosen calendars: shared ones need a permission more. */
  readonly calendars?: readonly string[];
}

/** What a token must be like. */
export interface TokenWish {
  /** Do not take the token that is there. */
  readonly forceRefresh?: boolean;
  /** What the service asked for in a claims challenge, as JSON. */
  readonly claims?: string;
}

/**
 * Signing in to a provider in the browser. What it leaves goes to the keychain under `accountId` (`secretName` of
 * core/accountSecrets.ts), and only once the sign-in succeeded.
 * Throws `AppError`: `cancelled` (closed, aborted or refused by the person), `forbidden` with reason `consentRequired` or
 * `conditionalAccess`, `invalidInput` with reason `notConfigured` (no client id), and the network codes.
 */
export interface SignIn {
  /**
   * Opens the system browser and waits for it, at most until `signal` aborts.
   * @param loginHint the address to sign in with; empty lets the person choose
   */
  interactive(accountId: string, loginHint: string, signal: AbortSignal, wish?: SignInWish): Promise<SignedIn>;
  deviceCode(
    accountId: string,
    onCode: (code: DeviceCode) => void,
    signal: AbortSignal,
    wish?: SignInWish,
  ): Promise<SignedIn>;
  /** Forgets the account's tokens. */
  signOut(accountId: string): Promise<void>;
}

/** A sign-in whose tokens are used for calls: each is for one purpose, with the permissions of that alone. */
export interface TokenSignIn extends SignIn {
  /**
   * A token, without asking the person.
   * @param owner the account, and MSAL's id of it; empty elsewhere
   * @throws AppError `unauthorized` with reason `interactionRequired` when only a sign-in helps, and the network codes
   */
  accessToken(
    owner: { readonly id: string; readonly homeAccountId: string },
    wish: TokenWish,
    signal: AbortSignal,
  ): Promise<string>;
}

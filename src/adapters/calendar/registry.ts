import { secretName } from '../../core/accountSecrets.ts';
import { accountLabel, type CalendarAccount, type CalendarName } from '../../core/accounts.ts';
import { AppError } from '../../core/appError.ts';
import type { CalendarProvider } from '../../ports/calendarProvider.ts';
import type { SecretStore } from '../../ports/secretStore.ts';
import type { SignIn, TokenSignIn } from '../../ports/signIn.ts';
import { CaldavCalendarProvider } from './caldav/provider.ts';
import { GOOGLE_CALENDAR_SCOPES, type GoogleCalendarDeps, GoogleCalendarProvider } from './google/provider.ts';
import { googleSignIn } from './google/signIn.ts';
import { IcsCalendarProvider } from './ics/provider.ts';
import { type AuthDeps, MicrosoftAuth } from './microsoft365/auth.ts';
import { Microsoft365CalendarProvider } from './microsoft365/provider.ts';

/** What calendars need; the settings' `organisation` fits as it is. */
export type CalendarDeps = AuthDeps & GoogleCalendarDeps;

interface Registered<Account extends CalendarAccount> {
  readonly make: (account: Account, deps: CalendarDeps) => CalendarProvider;
  /** For those that are let in by a browser's sign-in, or can be; null where the organisation has not set it up. */
  readonly signIn?: (deps: CalendarDeps) => SignIn | null;
}

type Registry = { readonly [Name in CalendarName]: Registered<Extract<CalendarAccount, { provider: Name }>> };

/** Every calendar there is. A new one is a folder beside this file and an entry here. */
const PROVIDERS: Registry = {
  microsoft365: {
    make: (account, deps) => new Microsoft365CalendarProvider(account, deps),
    signIn: (deps) => microsoftSignIn(deps),
  },
  google: {
    make: (account, deps) => new GoogleCalendarProvider(account, deps),
    signIn: (deps) => googleTokens(deps, GOOGLE_CALENDAR_SCOPES),
  },
  caldav: {
    make: (account, deps) =>
      new CaldavCalendarProvider(account, { ...deps, password: passwordOf(account, deps.secrets) }),
  },
  ics: { make: (account, deps) => new IcsCalendarProvider(account, deps) },
};

/** A password as it was typed. Throws `AppError('unauthorized')` with reason `noSecret` when there is none. */
const passwordOf = (account: CalendarAccount, secrets: SecretStore) => async (): Promise<string> => {
  const password = await secrets.get(secretName(account));
  if (password !== null && password !== '') return password;
  const message = `There is no password for ${accountLabel(account)} yet. Enter it in the preferences.`;
  throw new AppError('unauthorized', message, { reason: 'noSecret' });
};

/** The provider of an account. Nothing is loaded or called before its first use. */
export function calendarProvider(account: CalendarAccount, deps: CalendarDeps): CalendarProvider {
  // The registry's type has matched each entry with its accounts; the compiler can't follow that through a lookup.
  const { make } = PROVIDERS[account.provider] as Registered<CalendarAccount>;
  return make(account, deps);
}

/** Signing in to a calendar in the browser; null where that can't be done. */
export const calendarSignIn = (name: CalendarName, deps: CalendarDeps): SignIn | null =>
  PROVIDERS[name].signIn?.(deps) ?? null;

/** Signing in to Microsoft 365. @param scopes what for; by default, for reading calendars */
export const microsoftSignIn = (deps: CalendarDeps, scopes?: readonly string[]): TokenSignIn =>
  new MicrosoftAuth(deps, scopes);

/** Signing in to Google. */
export const googleTokens = (deps: CalendarDeps, scopes: readonly string[]): TokenSignIn => googleSignIn(deps, scopes);

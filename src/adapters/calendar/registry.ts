import type { CalendarAccount } from '../../core/accounts.ts';
import type { CalendarProvider } from '../../ports/calendarProvider.ts';
import type { SignIn } from '../../ports/signIn.ts';
import { IcsCalendarProvider } from './ics/provider.ts';
import { type AuthDeps, MicrosoftAuth } from './microsoft365/auth.ts';
import { Microsoft365CalendarProvider } from './microsoft365/provider.ts';

/** What calendars need; the settings' `organisation` fits as it is. */
export type CalendarDeps = AuthDeps;

type Factories = {
  readonly [Name in CalendarAccount['provider']]: (
    account: Extract<CalendarAccount, { provider: Name }>,
    deps: CalendarDeps,
  ) => CalendarProvider;
};

/** Every calendar there is. A new one is a folder beside this file and a line here. */
const FACTORIES: Factories = {
  microsoft365: (account, deps) => new Microsoft365CalendarProvider(account, deps),
  ics: (account, deps) => new IcsCalendarProvider(account, deps),
};

/** The provider of an account. Nothing is loaded or called before its first use. */
export function calendarProvider(account: CalendarAccount, deps: CalendarDeps): CalendarProvider {
  // The map's type has matched each factory with its accounts; the compiler can't follow that through a lookup.
  const make = FACTORIES[account.provider] as (account: CalendarAccount, deps: CalendarDeps) => CalendarProvider;
  return make(account, deps);
}

/** Signing in for the calendars that need it. */
export const microsoftSignIn = (deps: CalendarDeps): SignIn => new MicrosoftAuth(deps);

import type { CalendarAccount, ChatAccount } from '../core/accounts.ts';
import type { CalendarProvider } from './calendarProvider.ts';
import type { ChatProvider } from './chatProvider.ts';
import type { SecretStore } from './secretStore.ts';

/** Makes the provider of an account. `secrets` is given, so that a typed secret can be tried before it is kept. */
export interface Providers {
  calendar(account: CalendarAccount, secrets: SecretStore): CalendarProvider;
  chat(account: ChatAccount, secrets: SecretStore): ChatProvider;
}

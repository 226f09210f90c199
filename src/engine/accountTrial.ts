import type { Account } from '../core/accounts.ts';
import { isChat } from '../core/answers.ts';
import type { ChatCapabilities } from '../core/presence.ts';
import { HOUR } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';

/**
 * Reads an account once, and says what can be done there, null for a calendar: some servers allow less than others, which
 * is known only now. Throws `AppError` when the service lets nobody in with these secrets.
 * @param secrets with what was typed in it
 */
export async function tryAccount(
  account: Account,
  { providers, clock }: { readonly providers: Providers; readonly clock: Clock },
  secrets: SecretStore,
  signal: AbortSignal,
): Promise<ChatCapabilities | null> {
  if (!isChat(account)) {
    const now = clock.now();
    await providers.calendar(account, secrets).calendarView({ start: now, end: now + HOUR }, clock.zone(), signal);
    return null;
  }
  const chat = providers.chat(account, secrets);
  try {
    await chat.read(signal);
    return chat.capabilities;
  } finally {
    await chat.close?.();
  }
}

/** What is known of an account without asking anybody. */
export const knownCapabilities = (
  account: Account,
  providers: Providers,
  secrets: SecretStore,
): ChatCapabilities | null => (isChat(account) ? providers.chat(account, secrets).capabilities : null);

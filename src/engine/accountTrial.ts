import { type Abilities, abilities, CALENDAR_ABILITIES } from '../core/abilities.ts';
import type { Account } from '../core/accounts.ts';
import { isChat } from '../core/answers.ts';
import { HOUR } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';

/**
 * Reads an account once, and says what HipStatus will be able to do there: some servers allow less than others, which is
 * known only now. Throws `AppError` when the service lets nobody in with these secrets.
 * @param secrets with what was typed in it
 */
export async function tryAccount(
  account: Account,
  { providers, clock }: { readonly providers: Providers; readonly clock: Clock },
  secrets: SecretStore,
  signal: AbortSignal,
): Promise<Abilities> {
  if (!isChat(account)) {
    const now = clock.now();
    await providers.calendar(account, secrets).calendarView({ start: now, end: now + HOUR }, clock.zone(), signal);
    return CALENDAR_ABILITIES;
  }
  const chat = providers.chat(account, secrets);
  try {
    await chat.read(signal);
    return abilities(chat.capabilities);
  } finally {
    await chat.close?.();
  }
}

/** What is known of an account's abilities without asking anybody. */
export const knownAbilities = (account: Account, providers: Providers, secrets: SecretStore): Abilities =>
  isChat(account) ? abilities(providers.chat(account, secrets).capabilities) : CALENDAR_ABILITIES;

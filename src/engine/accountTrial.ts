import type { Account } from '../core/accounts.ts';
import { isChat } from '../core/answers.ts';
import { eventInterval } from '../core/calendarEvent.ts';
import type { ChatCapabilities, PresenceState } from '../core/presence.ts';
import { dateAt, dayOf, HOUR, type Instant } from '../core/time.ts';
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

/** What an account says when it is read for the person to see. Its text is for their own screen only. */
export type AccountLook =
  /** `events`: of today. `next`: when the next of them begins; null when none does. */
  | { readonly kind: 'calendar'; readonly events: number; readonly next: Instant | null }
  | { readonly kind: 'chat'; readonly state: PresenceState; readonly text: string };

/** Reads an account once: what is on today, or what the person is shown as. Throws `AppError`. */
export async function lookAt(
  account: Account,
  { providers, clock }: { readonly providers: Providers; readonly clock: Clock },
  secrets: SecretStore,
  signal: AbortSignal,
): Promise<AccountLook> {
  if (!isChat(account)) {
    const [now, zone] = [clock.now(), clock.zone()];
    const events = await providers
      .calendar(account, secrets)
      .calendarView(dayOf(dateAt(now, zone), zone), zone, signal);
    const starts = events.filter(({ isCancelled }) => !isCancelled).map((event) => eventInterval(event, zone).start);
    const later = starts.filter((start) => start > now);
    return { kind: 'calendar', events: starts.length, next: later.length === 0 ? null : Math.min(...later) };
  }
  const chat = providers.chat(account, secrets);
  try {
    const { presence } = await chat.read(signal);
    return { kind: 'chat', state: presence.state, text: presence.text };
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

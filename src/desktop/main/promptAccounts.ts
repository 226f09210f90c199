import { type Account, CALENDAR_NAMES, CHAT_NAMES, type ProviderName } from '../../core/accounts.ts';
import type { Prompt } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import type { Settings } from '../../core/settings.ts';

/** The account that a prompt is about, as the settings have it. */
export function accountOfPrompt(prompt: Prompt, { calendars, chats }: Settings): Account | null {
  if (!('account' in prompt)) return null;
  return [...calendars, ...chats].find(({ id }) => id === prompt.account) ?? null;
}

/** The providers of which the person may add an account. */
export function addable({ calendars, chats }: Settings, what: 'calendar' | 'chat'): readonly ProviderName[] {
  const names: readonly ProviderName[] = what === 'chat' ? CHAT_NAMES : CALENDAR_NAMES;
  const isThere = (name: ProviderName) => [...calendars, ...chats].some(({ provider }) => provider === name);
  return names.filter((name) => entryOf(name).several || !isThere(name));
}

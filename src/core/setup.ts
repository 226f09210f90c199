import { accountPrompt, type PromptKind } from './prompt.ts';
import type { Settings } from './settings.ts';
import type { SyncState } from './syncState.ts';

/** What the person still has to give before anything can work: the prompt for it, or null when all is there. */
export function missingStep(settings: Settings): PromptKind | null {
  if (settings.email === '') return 'email';
  if (settings.calendars.length === 0) return 'signIn';
  if (settings.chats.length === 0) return 'hipchatToken';
  return null;
}

/** The next prompt of the set-up: what is missing, or the token of a chat or calendar that was configured without one. */
export function nextSetupPrompt(settings: Settings, state: SyncState): PromptKind | null {
  const missing = missingStep(settings);
  if (missing !== null) return missing;
  const bare = [...state.calendars, ...state.chats].find(({ error }) => error?.reason === 'noSecret');
  return bare === undefined ? null : accountPrompt(settings, bare.id, bare.provider);
}

import type { Prompt } from './prompt.ts';
import type { Settings } from './settings.ts';
import type { SyncState } from './syncState.ts';

/** What the person still has to give before anything can work: the prompt for it, or null when all is there. */
export function missingStep(settings: Settings): Prompt | null {
  if (settings.email === '') return { kind: 'email' };
  if (settings.calendars.length === 0) return { kind: 'add', provider: 'microsoft365' };
  if (settings.chats.length === 0) return { kind: 'add', provider: 'hipchat' };
  return null;
}

/** The next prompt of the set-up: what is missing, or the token of a chat or calendar that was configured without one. */
export function nextSetupPrompt(settings: Settings, state: SyncState): Prompt | null {
  const missing = missingStep(settings);
  if (missing !== null) return missing;
  const bare = [...state.calendars, ...state.chats].find(({ error }) => error?.reason === 'noSecret');
  return bare === undefined ? null : { kind: 'renew', account: bare.id };
}

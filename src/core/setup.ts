import type { PromptKind } from './prompt.ts';
import type { Settings } from './settings.ts';

/** What the person still has to give before anything can work: the prompt for it, or null when all is there. */
export function missingStep(settings: Settings): PromptKind | null {
  if (settings.email === '') return 'email';
  if (settings.calendars.length === 0) return 'signIn';
  if (settings.chats.length === 0) return 'hipchatToken';
  return null;
}

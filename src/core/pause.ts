import type { Settings } from './settings.ts';
import type { Instant } from './time.ts';

/** Whether and how long the person has paused HipStatus. A timed pause ends by itself. */
export type Pause = { readonly paused: false } | { readonly paused: true; readonly until: Instant | null };

export function pauseAt({ pausedUntil }: Pick<Settings, 'pausedUntil'>, now: Instant): Pause {
  if (pausedUntil === null) return { paused: false };
  if (pausedUntil === 'forever') return { paused: true, until: null };
  const until = Date.parse(pausedUntil);
  return now < until ? { paused: true, until } : { paused: false };
}

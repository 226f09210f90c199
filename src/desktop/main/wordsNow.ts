import { pauseAt } from '../../core/pause.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import type { Instant } from '../../core/time.ts';

/** What a person can say about the time to come, at one moment. */
export interface WordsNow {
  readonly isPaused: boolean;
  readonly mayPause: boolean;
  /** There is a meeting, and it is no time of their own word. */
  readonly mayNotFor: boolean;
  readonly mayBusy: boolean;
  /** The end of a time for which they have said that they are busy; null when there is none. */
  readonly busyUntil: Instant | null;
}

export interface WordsInput {
  readonly state: SyncState;
  readonly settings: Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: ReadonlySet<string>;
  readonly now: Instant;
}

export function wordsNow({ state, settings, locked, now }: WordsInput): WordsNow {
  const isPaused = pauseAt(settings, now).paused;
  const isOn = state.phase === 'running' || state.phase === 'paused';
  const { busy } = settings.overrides;
  const mayOverride = isOn && !isPaused && !locked.has('overrides');
  const until = busy === null ? null : Date.parse(busy.until);
  return {
    isPaused,
    mayPause: isOn && !locked.has('pausedUntil'),
    mayNotFor: mayOverride && busy === null && state.now !== null && state.now.state !== null,
    mayBusy: mayOverride,
    busyUntil: until !== null && until > now ? until : null,
  };
}

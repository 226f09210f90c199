import { liveOverrides } from '../core/overrides.ts';
import { pauseAt } from '../core/pause.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';

export interface EndedWordsDeps {
  readonly settings: SettingsStore;
  readonly clock: Clock;
  /** It could not be written down. */
  readonly onFailed: (thrown: unknown) => void;
}

/** A pause or an override that is over counts no more, whether or not that can be written down. */
export function forgetEndedWords({ settings, clock, onFailed }: EndedWordsDeps): void {
  const current = settings.get();
  const now = clock.now();
  const live = liveOverrides(current.overrides, now);
  const isPauseOver = current.pausedUntil !== null && !pauseAt(current, now).paused;
  if (!isPauseOver && live === current.overrides) return;
  try {
    settings.update({
      ...(isPauseOver ? { pausedUntil: null } : {}),
      ...(live === current.overrides ? {} : { overrides: live }),
    });
  } catch (thrown) {
    onFailed(thrown);
  }
}

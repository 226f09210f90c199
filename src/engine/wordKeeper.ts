import { type EndedWords, endedWords, liveOverrides, NO_ENDED_WORDS } from '../core/overrides.ts';
import { pauseAt } from '../core/pause.ts';
import { dateAt, startOfDate } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';

export interface WordKeeperDeps {
  readonly settings: SettingsStore;
  readonly clock: Clock;
  /** It could not be written down. */
  readonly onFailed: (thrown: unknown) => void;
}

/** Takes the person's words out of the settings when they have ended; of today's it keeps in mind what they were. */
export class WordKeeper {
  readonly #deps: WordKeeperDeps;
  #ended: EndedWords = NO_ENDED_WORDS;

  constructor(deps: WordKeeperDeps) {
    this.#deps = deps;
  }

  /** Those that have ended today, while we were running. */
  get ended(): EndedWords {
    return this.#ended;
  }

  /** A pause or an override that is over counts no more, whether or not that can be written down. */
  forgetEnded(): void {
    const { settings, clock, onFailed } = this.#deps;
    const current = settings.get();
    const [now, zone] = [clock.now(), clock.zone()];
    const live = liveOverrides(current.overrides, now);
    const isPauseOver = current.pausedUntil !== null && !pauseAt(current, now).paused;
    if (!isPauseOver && live === current.overrides) return;
    const before = this.#ended;
    this.#ended = endedWords(current.overrides, now, before, startOfDate(dateAt(now, zone), zone));
    try {
      settings.update({
        ...(isPauseOver ? { pausedUntil: null } : {}),
        ...(live === current.overrides ? {} : { overrides: live }),
      });
    } catch (thrown) {
      this.#ended = before;
      onFailed(thrown);
    }
  }
}

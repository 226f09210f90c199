import { withBusy, withHeard, withNotFor } from '../core/overrides.ts';
import type { RemoteWord } from '../core/remoteWord.ts';
import type { Settings } from '../core/settings.ts';
import { addDays, dateAt, type Instant, startOfDate } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { SyncEngine } from './syncEngine.ts';

/** How long: so many milliseconds, until tomorrow begins, or until it is taken back. */
export type HowLong = number | 'tomorrow' | 'forever';

export interface PersonsWordDeps {
  readonly engine: Pick<SyncEngine, 'underWay' | 'stillUnderWay'>;
  readonly settings: SettingsStore;
  readonly clock: Clock;
}

type Change = Partial<Settings>;

/** What a person says, from the menu or elsewhere: it becomes a setting, which survives a restart and ends by itself. */
export class PersonsWord {
  readonly #deps: PersonsWordDeps;

  constructor(deps: PersonsWordDeps) {
    this.#deps = deps;
  }

  pause(howLong: HowLong): void {
    this.#deps.settings.update(howLong === 'forever' ? { pausedUntil: 'forever' } : pausedUntil(this.#end(howLong)));
  }

  resume(): void {
    this.#deps.settings.update({ pausedUntil: null });
  }

  /** The meetings under way do not count; nothing happens outside of any. */
  notForThisMeeting(): void {
    const { engine, settings } = this.#deps;
    const { underWay } = engine;
    if (underWay.length > 0) settings.update({ overrides: withNotFor(settings.get().overrides, underWay) });
  }

  /** Busy from now on, whatever the calendar says. */
  busy(howLong: Exclude<HowLong, 'forever'>): void {
    this.#deps.settings.update(this.#busyUntil(this.#end(howLong)));
  }

  notBusy(): void {
    const { settings } = this.#deps;
    settings.update({ overrides: { ...settings.get().overrides, busy: null } });
  }

  /**
   * Does what a word says that was said in the hub of `account`, and in the same write notes that it was heard: so it is obeyed once,
   * whatever happens in between. Throws as `SettingsStore.update` does.
   */
  obey(account: string, word: RemoteWord): void {
    this.#hear(account, word, word.until > this.#deps.clock.now() ? this.#asked(word) : {});
  }

  /** Notes only that it was heard. */
  passOver(account: string, word: RemoteWord): void {
    this.#hear(account, word, {});
  }

  #hear(account: string, word: RemoteWord, change: Change): void {
    const { settings } = this.#deps;
    const { overrides, chats } = settings.get();
    const accounts = chats.map(({ id }) => id);
    settings.update({ ...change, overrides: withHeard(change.overrides ?? overrides, account, word, accounts) });
  }

  #asked({ kind, until, text, at }: RemoteWord): Change {
    const { engine, settings } = this.#deps;
    switch (kind) {
      case 'busy':
        return this.#busyUntil(until, text);
      case 'available':
        return { overrides: { ...withNotFor(settings.get().overrides, engine.stillUnderWay(at)), busy: null } };
      case 'pause':
        return pausedUntil(until);
      default:
        return { pausedUntil: null };
    }
  }

  #busyUntil(until: Instant, text = ''): Change {
    const { settings, clock } = this.#deps;
    return { overrides: withBusy(settings.get().overrides, clock.now(), until, text) };
  }

  #end(howLong: number | 'tomorrow'): Instant {
    const { clock } = this.#deps;
    const now = clock.now();
    return howLong === 'tomorrow' ? startOfDate(addDays(dateAt(now, clock.zone()), 1), clock.zone()) : now + howLong;
  }
}

const pausedUntil = (until: Instant): Change => ({ pausedUntil: new Date(until).toISOString() });

import { withBusy, withNotFor } from '../core/overrides.ts';
import { addDays, dateAt, type Instant, startOfDate } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { SyncEngine } from './syncEngine.ts';

/** How long: so many milliseconds, until tomorrow begins, or until it is taken back. */
export type HowLong = number | 'tomorrow' | 'forever';

export interface PersonsWordDeps {
  readonly engine: Pick<SyncEngine, 'underWay'>;
  readonly settings: SettingsStore;
  readonly clock: Clock;
}

/** What a person says from the menu: it becomes a setting, which survives a restart and ends by itself. */
export class PersonsWord {
  readonly #deps: PersonsWordDeps;

  constructor(deps: PersonsWordDeps) {
    this.#deps = deps;
  }

  pause(howLong: HowLong): void {
    const pausedUntil = howLong === 'forever' ? 'forever' : new Date(this.#end(howLong)).toISOString();
    this.#deps.settings.update({ pausedUntil });
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
    const { settings, clock } = this.#deps;
    settings.update({ overrides: withBusy(settings.get().overrides, clock.now(), this.#end(howLong)) });
  }

  notBusy(): void {
    const { settings } = this.#deps;
    settings.update({ overrides: { ...settings.get().overrides, busy: null } });
  }

  #end(howLong: number | 'tomorrow'): Instant {
    const { clock } = this.#deps;
    const now = clock.now();
    return howLong === 'tomorrow' ? startOfDate(addDays(dateAt(now, clock.zone()), 1), clock.zone()) : now + howLong;
  }
}

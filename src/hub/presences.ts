import { AppError } from '../core/appError.ts';
import type { Presence } from '../core/presence.ts';
import { type Instant, MINUTE, SECOND } from '../core/time.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Person, PersonRecord, Span } from './model.ts';
import type { Roster } from './roster.ts';
import type { HubStore } from './store/port.ts';

/** The last instant there is (ECMA-262 21.4.1.1): a report that never runs out. */
export const NEVER: Instant = 8_640_000_000_000_000;

export interface SayOptions {
  readonly source: string;
  readonly day?: readonly Span[];
  readonly ifEvent?: number;
  /** How long it counts as a report. Default: the hub's. */
  readonly reportedUntil?: Instant;
  /** It counts as a report until then, where that is longer. */
  readonly reportedAtLeast?: Instant;
}

export interface PresencesDeps {
  readonly store: HubStore;
  readonly roster: Roster;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a report counts. */
  readonly reportTimeout: number;
  /** Milliseconds that events are kept. */
  readonly keepEvents: number;
}

/** How often it is looked for what has run out: the most a presence is late at its end. */
const LOOK = SECOND / 4;
const DUE_AT_ONCE = 500;
const TRIM_EVERY = 10 * MINUTE;

/** The one way presences and people are changed here; ends by itself what runs out. */
export class Presences {
  readonly #deps: PresencesDeps;
  #timer: Timer | null = null;
  #trimAt: Instant = 0;
  #stopped = false;

  constructor(deps: PresencesDeps) {
    this.#deps = deps;
  }

  /** Looks for ends from now on, until `stop`. */
  start(): void {
    this.#timer = this.#deps.clock.after(LOOK, () => {
      void this.#look().finally(() => {
        if (!this.#stopped) this.start();
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.stop();
  }

  /** Says what the person shows, and that they are there. Throws as `HubStore.report` does. */
  async say(id: string, presence: Presence, options: SayOptions): Promise<PersonRecord> {
    const now = this.#deps.clock.now();
    if (presence.until !== null && presence.until <= now) {
      throw new AppError('invalidInput', 'until lies in the past. Send a time that is still to come, or null.');
    }
    return this.#report(id, { presence, ...options }, now);
  }

  /** Says only that they are still there. */
  stillThere(id: string, source: string): Promise<PersonRecord> {
    return this.#report(id, { source }, this.#deps.clock.now());
  }

  async signOff(id: string): Promise<void> {
    const event = await this.#deps.store.signOff(id, this.#deps.clock.now());
    if (event !== null) this.#deps.roster.apply(event);
  }

  /** Adds a person or changes them. */
  async putPerson(person: Person): Promise<PersonRecord> {
    const event = await this.#deps.store.putPerson(person, this.#deps.clock.now());
    if (event === null) return this.#known(await this.#deps.store.record(person.id));
    this.#deps.roster.apply(event);
    return event.record;
  }

  /** @returns whether there was one */
  async removePerson(id: string): Promise<boolean> {
    const event = await this.#deps.store.removePerson(id, this.#deps.clock.now());
    if (event !== null) this.#deps.roster.apply(event);
    return event !== null;
  }

  async #report(
    id: string,
    report: SayOptions & { readonly presence?: Presence },
    now: Instant,
  ): Promise<PersonRecord> {
    const { reportedAtLeast, ...rest } = report;
    const reportedUntil = Math.max(report.reportedUntil ?? now + this.#deps.reportTimeout, reportedAtLeast ?? now);
    const { record, event } = await this.#deps.store.report(id, { ...rest, reportedUntil }, now);
    if (event !== null) this.#deps.roster.apply(event);
    return record;
  }

  #known(record: PersonRecord | null): PersonRecord {
    if (record !== null) return record;
    throw new AppError('notFound', 'There is no such person.');
  }

  async #look(): Promise<void> {
    const { store, roster, clock, logger, keepEvents } = this.#deps;
    try {
      const now = clock.now();
      for (const event of await store.endDue(now, DUE_AT_ONCE)) roster.apply(event);
      if (now < this.#trimAt) return;
      this.#trimAt = now + TRIM_EVERY;
      await store.trim(now - keepEvents);
    } catch (thrown) {
      // It is looked again at once; readiness tells that the store is away.
      logger.debug('What has run out could not be ended', {
        code: thrown instanceof AppError ? thrown.code : 'defect',
      });
    }
  }
}

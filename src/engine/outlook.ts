import { eventsUnderWay, nextEdge, type Span, spanAt, timeline } from '../core/availability.ts';
import type { HandsOff } from '../core/claim.ts';
import { type Pause, pauseAt } from '../core/pause.ts';
import type { Wanted } from '../core/presencePlan.ts';
import { desiredPresence } from '../core/presenceRules.ts';
import type { SyncState } from '../core/syncState.ts';
import type { Instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { Calendars } from './calendars.ts';
import type { Decision } from './chatWorker.ts';

/** What the calendars and the settings say now and next. Holds nothing: it is worked out when asked. */
export class Outlook {
  readonly #calendars: Calendars;
  readonly #settings: SettingsStore;
  readonly #clock: Clock;

  constructor(calendars: Calendars, settings: SettingsStore, clock: Clock) {
    this.#calendars = calendars;
    this.#settings = settings;
    this.#clock = clock;
  }

  get pause(): Pause {
    return pauseAt(this.#settings.get(), this.#clock.now());
  }

  /** What a chat should show; `unknown` while a calendar that may know better was never read. */
  wanted(handsOff: readonly HandsOff[] = []): Wanted {
    const spans = this.#spans(new Set(handsOff.map(({ event }) => event)));
    const desired = desiredPresence(spans, this.#settings.get(), this.#clock.now());
    return desired ?? (this.#calendars.isWhole ? null : 'unknown');
  }

  /** @param onlyGiveBack whatever the calendars say: nothing of ours is to stay in this chat */
  decide(handsOff: readonly HandsOff[], onlyGiveBack: boolean): Decision {
    const { rules } = this.#settings.get();
    const isStill = onlyGiveBack || this.pause.paused;
    return {
      wanted: isStill ? null : this.wanted(handsOff),
      underWay: eventsUnderWay(this.#calendars.events, rules, this.#clock.zone(), this.#clock.now()),
      ownText: rules.ownText,
      profileTimeZone: isStill ? null : this.#clock.zone(),
      onlyGiveBack: isStill,
    };
  }

  /** When the calendars say something else; null when nothing known does. */
  get nextEdge(): Instant | null {
    return nextEdge(this.#spans(), this.#clock.now());
  }

  /** For those who look on. */
  get state(): Pick<SyncState, 'now' | 'next'> {
    const spans = this.#spans();
    const now = this.#clock.now();
    const edge = nextEdge(spans, now);
    return {
      now: this.#calendars.isAnyKnown ? { state: spanAt(spans, now)?.effect ?? null, until: edge } : null,
      next: edge === null ? null : { state: spanAt(spans, edge)?.effect ?? null, at: edge },
    };
  }

  #spans(handsOff: ReadonlySet<string> = new Set()): readonly Span[] {
    return timeline(this.#calendars.events, this.#settings.get().rules, this.#clock.zone(), handsOff);
  }
}

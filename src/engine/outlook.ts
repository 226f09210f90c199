import type { ChatAccount } from '../core/accounts.ts';
import { eventsUnderWay, timeline } from '../core/availability.ts';
import { type CalendarEvent, eventInterval, eventKey } from '../core/calendarEvent.ts';
import type { ChatRecord, HandsOff } from '../core/claim.ts';
import { type DayPicture, dayPicture, spansOf, verdictOf } from '../core/day.ts';
import { busyTimes, type EndedWords, heardFrom } from '../core/overrides.ts';
import { type Pause, pauseAt } from '../core/pause.ts';
import type { Wanted } from '../core/presencePlan.ts';
import { desiredPresence, toldTo } from '../core/presenceRules.ts';
import { isNear, marksBetweenReads } from '../core/refreshPlan.ts';
import type { Settings } from '../core/settings.ts';
import { nextEdge, type Span, spanAt } from '../core/sweep.ts';
import type { SyncState } from '../core/syncState.ts';
import { type Telling, tellings } from '../core/tellings.ts';
import { dateAt, dayOf, type Instant, type LocalDate, MINUTE, SECOND } from '../core/time.ts';
import { type JudgedEvent, type Why, type WhyPicture, whyNow, whyPicture } from '../core/why.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { Pace } from './calendarReader.ts';
import type { Calendars } from './calendars.ts';
import type { Decision } from './decision.ts';

/** An edge is acted on within two seconds; a little more, so that it lies between "just before" and now. */
const JUST = 5 * SECOND;

/** Holds subjects: for the person's own screen only. */
export interface Timeline {
  readonly spans: readonly Span[];
  readonly events: readonly CalendarEvent[];
}

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
  wanted(handsOff: readonly HandsOff[] = [], chat: ChatAccount | null = null): Wanted {
    const spans = this.#spans(handsOff.map(({ event }) => event));
    const settings = this.#settings.get();
    const told = chat === null ? settings : toldTo(settings, chat);
    const desired = desiredPresence(spans, told, this.#clock.now(), this.#clock.zone(), this.#calendars.events);
    return desired ?? (this.#calendars.isWhole ? null : 'unknown');
  }

  /** @param onlyGiveBack whatever the calendars say: nothing of ours is to stay in this chat */
  decide(chat: ChatAccount, handsOff: readonly HandsOff[], onlyGiveBack: boolean): Decision {
    const { rules, overrides } = this.#settings.get();
    const silenced = this.#withLater(handsOff);
    const isStill = onlyGiveBack || this.pause.paused;
    return {
      wanted: isStill ? null : this.wanted(silenced, chat),
      handsOff: silenced,
      underWay: this.underWay,
      justBefore: this.#chain(null, this.#clock.now() - JUST),
      ownText: rules.ownText,
      heardUntil: heardFrom(overrides, chat.id)?.at ?? 0,
      profileTimeZone: isStill ? null : this.#clock.zone(),
      onlyGiveBack: isStill,
    };
  }

  /** What decides for the person as a whole. */
  get why(): Why {
    const [now, zone] = [this.#clock.now(), this.#clock.zone()];
    const on = this.#calendars.events.filter((event) => {
      const { start, end } = eventInterval(event, zone);
      return start <= now && now < end;
    });
    const { isWhole } = this.#calendars;
    return whyNow(this.#settings.get(), { spans: this.#spans(), now, on: on.map(eventKey), isWhole });
  }

  /** The same with the chain behind it. Holds subjects: for the person's own screen only. */
  whyPicture(records: ReadonlyMap<string, ChatRecord>): WhyPicture<JudgedEvent> {
    const [now, zone, settings] = [this.#clock.now(), this.#clock.zone(), this.#settings.get()];
    const events = this.#calendars.events.map((event) => ({
      event,
      interval: eventInterval(event, zone),
      verdict: verdictOf(event, settings, zone),
    }));
    return whyPicture({ settings, events, isWhole: this.#calendars.isWhole, records, now, zone });
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

  /**
   * A date as it is drawn, on the same timeline.
   * @param date null for today
   * @param draft settings that are not kept yet, over those that are
   */
  picture(date: LocalDate | null, draft: Partial<Settings>, ended: EndedWords): DayPicture {
    const settings = { ...this.#settings.get(), ...draft };
    const { events } = this.#calendars;
    const [now, zone] = [this.#clock.now(), this.#clock.zone()];
    return dayPicture({ events, settings, zone, now, ended, ...(date === null ? {} : { date }) });
  }

  /** The timeline as it would be with settings that are not kept yet, and the events that its texts may speak of. */
  timelineWith(draft: Partial<Settings>): Timeline {
    const { events } = this.#calendars;
    return { spans: spansOf(events, { ...this.#settings.get(), ...draft }, this.#clock.zone()), events };
  }

  /** What a chat is told from now to the end of the day. */
  tellings(chat: ChatAccount): readonly Telling[] {
    const [now, zone, settings] = [this.#clock.now(), this.#clock.zone(), this.#settings.get()];
    const { end } = dayOf(dateAt(now, zone), zone);
    return tellings(this.#spans(), toldTo(settings, chat), { start: now, end }, zone, this.#calendars.events);
  }

  /** What "not for this meeting" would be about now. */
  get underWay(): readonly HandsOff[] {
    return this.#chain(null);
  }

  /** The meetings that were under way at `at` and are so still. A time that the person was busy by their own word ties none together. */
  stillUnderWay(at: Instant): readonly HandsOff[] {
    const now = this.#clock.now();
    return this.#chain(null, at, []).filter(({ until }) => until > now);
  }

  /** The person's word holds until the chain of overlapping meetings ends: events that have joined it since included. */
  #withLater(handsOff: readonly HandsOff[]): readonly HandsOff[] {
    if (handsOff.length === 0) return handsOff;
    const keys = new Set(handsOff.map(({ event }) => event));
    return [...handsOff, ...this.#chain(keys).filter(({ event }) => !keys.has(event))];
  }

  #chain(
    silenced: ReadonlySet<string> | null,
    at = this.#clock.now(),
    own = busyTimes(this.#settings.get().overrides),
  ): readonly HandsOff[] {
    const { rules } = this.#settings.get();
    return eventsUnderWay(this.#calendars.events, rules, this.#clock.zone(), at, own, silenced);
  }

  /** How often a calendar is worth reading, given its last good view. */
  paceOf(view: readonly CalendarEvent[]): Pace {
    const { rules, refreshMinutes } = this.#settings.get();
    const [now, zone] = [this.#clock.now(), this.#clock.zone()];
    const spans = timeline(view, rules, zone);
    const all = timeline(this.#calendars.events, rules, zone);
    const marks = marksBetweenReads(spans, all, rules.workingHours, now, zone);
    return { isNear: isNear(spans, now), marks, distance: refreshMinutes * MINUTE };
  }

  #spans(handsOff: Iterable<string> = []): readonly Span[] {
    return spansOf(this.#calendars.events, this.#settings.get(), this.#clock.zone(), handsOff);
  }
}

// The engine with its chats and calendars, the person, the network's moods and the truth about all of it.
import { AppError } from '../../../../src/core/appError.ts';
import type { CalendarEvent } from '../../../../src/core/calendarEvent.ts';
import type { ChatRecord } from '../../../../src/core/claim.ts';
import type { ChatReading, Presence } from '../../../../src/core/presence.ts';
import { type Instant, MINUTE, SECOND } from '../../../../src/core/time.ts';
import type { PresenceWrite } from '../../../../src/ports/chatProvider.ts';
import { Harness } from '../../../fakes/engineHarness.ts';
import { at } from '../../../fakes/events.ts';
import type { FakeChatContent } from '../../../fakes/fakeChat.ts';
import { FakeClock, settle } from '../../../fakes/fakeClock.ts';
import { MemoryClaims } from '../../../fakes/memoryStores.ts';
import { counting, type DayRules } from './dayRules.ts';
import { SUBJECT, subjectsIn, wrongIn, wrongWrite } from './invariants.ts';
import { type Call, Life } from './life.ts';
import { type Sight, same } from './parts.ts';
import { Stories } from './stories.ts';

export const CHATS = ['hipchat', 'slack', 'timed', 'hub'] as const;
export type ChatName = (typeof CHATS)[number];
export const CALENDARS = ['work', 'home'] as const;
export interface WorldOptions extends DayRules {
  /** Somebody sets the clock now and then; it starts fast, so that it never is behind the chats' own. */
  readonly isClockSet: boolean;
}

const FAST = 30 * MINUTE;

export class World {
  readonly clock = new FakeClock(at('09:00'), 'UTC', 1);
  readonly claims = new MemoryClaims();
  readonly options: WorldOptions;
  readonly stories = new Map<string, Stories>();
  harness: Harness;
  life: Life;
  /** By how much the clock is fast. */
  fast = 0;
  isDiskFull = false;
  readonly #violations: string[] = [];
  readonly #known = new Map<string, readonly CalendarEvent[]>();
  readonly #silentUntil = new Map<string, Instant>();
  readonly #readings = new Map<string, number>();
  readonly #unanswered = new Set<string>();
  readonly #calls = new Map<PresenceWrite, Call>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.claims.onSave = () => {
      if (this.isDiskFull) throw new AppError('locked', 'The disk is full.', { reason: 'diskFull' });
    };
    this.life = this.#newLife();
    this.harness = new Harness({
      ...this.#parts(),
      settings: { rules: { ownText: options.ownText, showAs: { tentative: options.tentative } } },
    });
    for (const [name, chat] of this.harness.chats) {
      chat.onLanded = (change, before) => this.#landed(name, change, before);
      this.stories.set(name, new Stories(options, chat.capabilities, chat.shown));
    }
  }

  async begin(): Promise<void> {
    if (this.options.isClockSet) this.setClock(FAST);
    await this.harness.start();
    this.check();
  }

  pass = (milliseconds: number): Promise<void> => this.clock.advance(milliseconds);

  setClock(by: number): void {
    this.clock.set(by);
    this.fast += by;
  }

  /** Resolves so much later, whatever becomes of the engine meanwhile. */
  later = (milliseconds: number) => (): Promise<void> =>
    new Promise((resolve) => void this.clock.after(milliseconds, resolve));

  kill(): void {
    this.life.end();
  }

  async start(): Promise<void> {
    if (!this.life.isOver) return;
    const former = this.harness;
    former.kill();
    this.#known.clear();
    this.#silentUntil.clear();
    for (const [name, { claim }] of this.claims.records)
      if (claim?.written === null && !claim.isAnswered) this.#unanswered.add(name);
    this.life = this.#newLife();
    const { rules, pausedUntil } = former.settings.get();
    this.harness = new Harness({ ...this.#parts(), former, settings: { rules, pausedUntil } });
    for (const found of subjectsIn(former)) this.#violated(found);
    await this.harness.start();
  }

  personSets(name: ChatName, presence: Partial<Presence>): void {
    const chat = this.harness.chat(name);
    const before = chat.shown;
    chat.personSets(presence);
    this.stories.get(name)?.tell((model) => void model.changed(before, chat.shown, this.#isClaimed(name)));
  }

  /** All trouble ends. */
  mend(): void {
    this.isDiskFull = false;
    this.life.crashAfter(Number.POSITIVE_INFINITY);
    for (const calendar of this.harness.calendars.values()) {
      calendar.error = null;
      calendar.waitFor = null;
    }
    for (const chat of this.harness.chats.values()) chat.clearFaults();
  }

  /** All trouble ends, what is on its way arrives, and one refresh passes at which every service may be called. */
  async calm(): Promise<void> {
    this.mend();
    await this.start();
    await this.pass(MINUTE);
    const { clock } = this;
    const quiet = Math.max(clock.now(), ...this.#silentUntil.values());
    // Marks are off for one round when the clock is set.
    const from = this.options.isClockSet ? quiet + 5 * MINUTE : quiet;
    await clock.advanceTo(Math.ceil((from + 1) / (5 * MINUTE)) * 5 * MINUTE + SECOND);
    // Not every mark reads every calendar: this is the one refresh after which all has to be right.
    void this.harness.engine.refresh();
    await this.pass(4 * SECOND);
    // The next mark, and what is due next.
    if (clock.timers > 2) this.#violated('9: an abandoned timer does not leak', `${clock.timers} timers`);
    // What falls due at this very moment has a few seconds.
    if (this.#wrong(false).length > 0) await this.pass(5 * SECOND);
    for (const found of [...this.#wrong(true), ...subjectsIn(this.harness)]) this.#violated(found);
    this.check();
  }

  /** Throws what was found so far. */
  check(): void {
    if (this.#violations.length > 0) throw new Error(this.#violations.join('\n'));
  }

  claimed = (): readonly string[] => CHATS.filter((name) => this.#isClaimed(name));

  #violated(rule: string, what = ''): void {
    this.#violations.push(`${new Date(this.clock.now()).toISOString()} invariant ${rule}: ${what}`);
  }

  #parts() {
    const { clock, claims, life } = this;
    return { now: clock.now(), clock, claims, chats: CHATS, calendars: CALENDARS, wrap: life.wrap };
  }

  #isClaimed(name: string): boolean {
    return (this.claims.records.get(name)?.claim ?? null) !== null;
  }

  #sight(name: string, shown: Presence, views: Iterable<readonly CalendarEvent[]>, isWhole: boolean): Sight {
    const now = this.clock.now();
    const { pausedUntil } = this.harness.settings.get();
    return {
      now,
      events: counting([...views].flat(), this.options, this.clock.zone()),
      isWhole,
      isPaused: pausedUntil !== null && (pausedUntil === 'forever' || now < Date.parse(pausedUntil)),
      isClaimed: this.#isClaimed(name),
      shown,
    };
  }

  #newLife(): Life {
    return new Life({
      called: (service, inFlight) => this.#called(service, inFlight),
      failed: (service, error) => {
        const wait = error instanceof AppError ? error.retryAfter : null;
        if (wait !== null) this.#silentUntil.set(service, this.clock.now() + wait);
      },
      calendarRead: (id, events) => void this.#known.set(id, events),
      chatRead: (name, reading) => this.#chatRead(name, reading),
      writeBegun: (name, change) => this.#writeBegun(name, change),
      writeAnswered: (name) => {
        this.stories.get(name)?.tell((model) => void model.answered());
        this.#unanswered.delete(name);
      },
      ended: () => [...this.stories.values()].forEach((stories) => void stories.tell((model) => void model.died())),
      saved: (name, record) => this.#saved(name, record),
    });
  }

  #called(service: string, inFlight: number): void {
    if (inFlight > 1) this.#violated('5: never two runs in flight', `${inFlight} calls to ${service}`);
    const silentUntil = this.#silentUntil.get(service) ?? 0;
    if (this.clock.now() < silentUntil) {
      this.#violated('6: no call before Retry-After ends', `${service} until ${new Date(silentUntil).toISOString()}`);
    }
  }

  #chatRead(name: string, { presence }: ChatReading): void {
    this.#readings.set(name, (this.#readings.get(name) ?? 0) + 1);
    const isWhole = this.#known.size === CALENDARS.length;
    this.stories.get(name)?.observed(this.#sight(name, presence, this.#known.values(), isWhole));
  }

  #saved(name: string, record: ChatRecord | null): void {
    this.stories.get(name)?.saved(record?.claim ?? null, this.harness.chat(name).shown);
    if (JSON.stringify(record).includes(SUBJECT)) this.#violated('7: no subject', 'in a claim');
  }

  #writeBegun(name: string, change: PresenceWrite): void {
    const stories = this.stories.get(name);
    const { presence, profileTimeZone } = change;
    if (JSON.stringify(change).includes(SUBJECT)) this.#violated('7: no subject', `in a write to ${name}`);
    if (profileTimeZone !== undefined && profileTimeZone !== this.clock.zone()) {
      this.#violated('1: what the rules say', `zone ${profileTimeZone} to ${name}`);
    }
    if (presence !== undefined) {
      const { claim } = this.claims.records.get(name) ?? { claim: null };
      if (claim === null || !same(claim.asked, presence)) this.#violated('10: the claim is on disk first', name);
      const { shown } = this.harness.chat(name);
      const found = stories?.hold((model) => wrongWrite(change, model, this.clock.now()), shown) ?? [];
      for (const [rule, what] of found) this.#violated(rule, `${name} ${what}`);
      stories?.tell((model) => void model.begun(shown));
    }
    const readings = this.#readings.get(name) ?? 0;
    this.#calls.set(change, {
      content: JSON.stringify(this.harness.chat(name).now),
      readings,
      isRepeat: this.#unanswered.has(name) && this.harness.chat(name).capabilities.stateExpires,
      hasLanded: false,
    });
    this.#unanswered.add(name);
  }

  #landed(name: string, change: PresenceWrite, before: FakeChatContent): void {
    const call = this.#calls.get(change);
    if (call === undefined) return;
    const chat = this.harness.chat(name);
    const isUnexpected = call.hasLanded || (this.#readings.get(name) ?? 0) !== call.readings;
    call.hasLanded = true;
    if (isUnexpected) {
      this.#ghost(name, change, before);
      return;
    }
    const isNew = JSON.stringify(before) !== JSON.stringify(chat.now);
    const isUntouched = call.content === JSON.stringify(before);
    // What comes too late ends as it lands.
    const end = change.stateUntil ?? change.presence?.until ?? null;
    const isLate = end !== null && end <= this.clock.trueNow();
    if (!isNew && isUntouched && !isLate && !call.isRepeat)
      this.#violated('4: no write without a change', `${name} ${JSON.stringify(change)}`);
    if (change.presence !== undefined) this.stories.get(name)?.tell((model) => void model.landed(before, chat.shown));
  }

  /**
   * A write that lands again, or when the engine has judged long since that it never will. Where it is not what the engine
   * goes by anyway, nobody can tell it from the person's hand: it has to be treated as that.
   */
  #ghost(name: string, { presence }: PresenceWrite, before: FakeChatContent): void {
    const { claim } = this.claims.records.get(name) ?? { claim: null };
    const ours = claim === null ? [] : [claim.asked, claim.written, claim.previous];
    const { shown } = this.harness.chat(name);
    const isOurs = presence !== undefined && ours.some((known) => known !== null && same(known, shown));
    this.stories.get(name)?.tell((model) => {
      if (isOurs) model.cameBack(shown);
      else model.changed(before, shown, claim !== null);
      model.strayed(shown, this.harness.chat(name).now.stateUntil);
    });
  }

  #wrong(isLast: boolean): readonly string[] {
    const views = [...this.harness.calendars.values()].map(({ events }) => events);
    return [...this.stories].flatMap(([name, stories]) => {
      const chat = this.harness.chat(name);
      const sight = this.#sight(name, chat.shown, views, true);
      return stories.hold((model) => wrongIn(chat, model, sight, this.clock.zone()), isLast ? chat.shown : null);
    });
  }

  settle = (): Promise<void> => settle(1);
}

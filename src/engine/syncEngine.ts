import { type ChatAccount, withEmail } from '../core/accounts.ts';
import { asAppError } from '../core/appError.ts';
import { type ChatRecord, EMPTY_RECORD, type HandsOff } from '../core/claim.ts';
import type { DayPicture } from '../core/day.ts';
import type { DayState } from '../core/dayState.ts';
import type { Settings } from '../core/settings.ts';
import { missingStep } from '../core/setup.ts';
import type { SyncState } from '../core/syncState.ts';
import type { Telling } from '../core/tellings.ts';
import { type Instant, type LocalDate, SECOND } from '../core/time.ts';
import type { JudgedEvent, Why, WhyPicture } from '../core/why.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import { CalendarReader, type Reading } from './calendarReader.ts';
import { Calendars } from './calendars.ts';
import { Chats } from './chats.ts';
import { ChatWorker, type PresenceChange } from './chatWorker.ts';
import { type Due, earliest } from './due.ts';
import type { Look } from './look.ts';
import { Outlook, type Timeline } from './outlook.ts';
import { within } from './within.ts';
import { WordKeeper } from './wordKeeper.ts';

export interface SyncEngineDeps {
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly providers: Providers;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Ask {
  readonly reading: Reading;
  readonly at: Instant;
}

/** How long a run waits for a slow chat before it goes on without it. */
const CHAT_PATIENCE = 3 * SECOND;
/** How long chats wait for a calendar's very first answer before they are judged without it. */
const FIRST_READ_PATIENCE = 5 * SECOND;

/** Reads the calendars, decides, and has every chat brought up to date. Asks from outside only; it owns no timer. */
export class SyncEngine {
  readonly #deps: SyncEngineDeps;
  readonly #calendars: Calendars;
  readonly #outlook: Outlook;
  readonly #words: WordKeeper;
  readonly #stop = new AbortController();
  readonly #stateListeners = new Set<(state: SyncState) => void>();
  readonly #changeListeners = new Set<(changes: readonly PresenceChange[]) => void>();
  readonly #decisionListeners = new Set<(why: Why) => void>();
  #chats: Chats;
  #refreshing: Promise<void> | null = null;
  /** What the run in flight reads, and what is to be read after it. */
  #current: Ask = { reading: 'all', at: 0 };
  #next: Ask | null = null;
  #lastSyncAt: Instant | null = null;
  #unsubscribe = (): void => {};
  #changes: PresenceChange[] = [];
  #lastDecision = '';
  /** Changes of the accounts, one after the other: a chat never has two writers. */
  #following: Promise<void> = Promise.resolve();

  constructor(deps: SyncEngineDeps) {
    this.#deps = deps;
    const { providers, secrets, settings, clock, logger } = deps;
    this.#calendars = new Calendars(
      (account) =>
        new CalendarReader(account, providers.calendar(account, secrets), clock, logger.named('calendar'), (view) =>
          this.#outlook.paceOf(view),
        ),
    );
    const onFailed = (thrown: unknown) =>
      this.#logDefect('The end of a pause or an override could not be kept', thrown);
    this.#words = new WordKeeper({ settings, clock, onFailed });
    this.#outlook = new Outlook(this.#calendars, settings, clock);
    this.#chats = this.#makeChats(new Map());
  }

  /** Loads what was claimed before, and follows the settings from here on. Call `refresh` next. */
  async start(): Promise<void> {
    this.#chats = this.#makeChats(await this.#deps.claims.load());
    await this.#useAccounts(this.#deps.settings.get());
    this.#unsubscribe = this.#deps.settings.subscribe((settings) => {
      this.#following = this.#following
        .then(() => this.#useAccounts(settings))
        .catch((thrown: unknown) => this.#logDefect('Accounts could not be changed', thrown));
      void this.#following.then(() => this.refresh());
    });
  }

  /**
   * Reads the calendars whose turn it is, then brings every chat up to date. One run in flight; asks meanwhile make one
   * more, but for a mark or an edge during a run that reads the same.
   */
  refresh(reading: Reading = 'all'): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    const ask = { reading, at: this.#deps.clock.now() };
    if (this.#refreshing !== null) {
      const isCovered = this.#current.reading === 'all' || this.#current.reading === reading;
      if (reading === 'all') this.#next = ask;
      else if (!isCovered) this.#next ??= ask;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshUntilQuiet(ask).finally(() => {
      this.#refreshing = null;
      this.#publish();
    });
    this.#publish();
    return this.#refreshing;
  }

  /**
   * Brings every chat up to date with what is known already: at an edge, nothing waits for a slow calendar, and no chat
   * for a slow chat. Resolves when all are done, or after a while without the slow ones.
   */
  async apply(look: Look = 'edge'): Promise<void> {
    this.#noteDecision();
    const work = this.#chats.reconcile(look).then(() => this.#announce());
    await within(this.#deps.clock, CHAT_PATIENCE, work);
    this.#announce();
    this.#publish();
  }

  /** Resolves when no chat is being worked on. */
  async settled(): Promise<void> {
    await this.#following;
    await this.#refreshing;
    await this.#chats.settled();
  }

  /** An account's secret has changed: its provider is made anew and tried at once. */
  async renew(accountId: string): Promise<void> {
    await this.#following;
    this.#calendars.renew(accountId);
    await this.#chats.renew(accountId);
    await this.refresh();
  }

  /**
   * An account has left the settings: resolves when it was given back what is ours, and forgets it.
   * @returns false when something of ours may still be shown there
   */
  async left(accountId: string): Promise<boolean> {
    await this.#following;
    const record = this.#chats.forget(accountId);
    if (record !== undefined && record !== EMPTY_RECORD) await this.#deps.claims.save(accountId, null);
    return record === undefined || record.claim === null;
  }

  /** The meetings under way: what "not for this meeting" is about. */
  get underWay(): readonly HandsOff[] {
    return this.#outlook.underWay;
  }

  /** The same for a word that was said at `at`: those that were on then and are so still. */
  stillUnderWay(at: Instant): readonly HandsOff[] {
    return this.#outlook.stillUnderWay(at);
  }

  /** What is due by itself and when: an edge, the end of a claim or of a pause, a retry. Null when nothing is. */
  nextDue(): Due | null {
    const now = this.#deps.clock.now();
    const { pause } = this.#outlook;
    const edge = pause.paused ? null : this.#outlook.nextEdge;
    return earliest([
      ...this.#calendars.retryTimes.map((at) => ({ at, what: 'retry' }) as const),
      ...(pause.paused && pause.until !== null ? [{ at: pause.until, what: 'refresh' } as const] : []),
      ...(edge === null ? [] : [{ at: edge, what: 'edge' } as const]),
      ...this.#chats.retryTimes.map((at) => ({ at, what: 'apply' }) as const),
      // A claim ends even while the calendar can't be read.
      ...this.#chats.claimEnds.filter((at) => at > now).map((at) => ({ at, what: 'apply' }) as const),
    ]);
  }

  state(): SyncState {
    const { pause } = this.#outlook;
    const chats = this.#chats.states;
    const calendars = this.#calendars.states;
    const missing = missingStep(this.#deps.settings.get());
    return {
      phase: missing !== null ? 'setup' : pause.paused ? 'paused' : this.#lastSyncAt === null ? 'starting' : 'running',
      missing,
      pausedUntil: pause.paused ? (pause.until ?? 'forever') : null,
      ...this.#outlook.state,
      calendars,
      chats,
      trouble: [...calendars, ...chats].find(({ error }) => error?.code === 'locked')?.error ?? null,
      syncing: this.#refreshing !== null,
      lastSyncAt: this.#lastSyncAt,
    };
  }

  /** Why the person is shown as they are. Holds subjects: for the person's own screen only. */
  why(): WhyPicture<JudgedEvent> {
    return this.#outlook.whyPicture(this.#chats.records);
  }

  /** A date with all that is on it, and what each chat shows now. Holds subjects: for the person's own screen only. */
  day(date: LocalDate | null = null): DayState {
    const { isAnyKnown, isWhole } = this.#calendars;
    return { picture: this.dayWith({}, date), isKnown: isAnyKnown, isWhole, chats: this.#chats.now };
  }

  /** The same day as it would be with settings that are not kept yet. */
  dayWith(draft: Partial<Settings>, date: LocalDate | null = null): DayPicture {
    return this.#outlook.picture(date, draft, this.#words.ended);
  }

  /** The timeline as it would be, for texts that are not kept yet. Holds subjects, too. */
  timelineWith(draft: Partial<Settings>): Timeline {
    return this.#outlook.timelineWith(draft);
  }

  /** What a chat is told from now to the end of the day, if nothing changes. */
  tellings(chat: ChatAccount): readonly Telling[] {
    return this.#outlook.tellings(chat);
  }

  /** Called with the state whenever it may have changed; returns the stop. */
  onState(listener: (state: SyncState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Called with what one run has written; returns the stop. */
  onWritten(listener: (changes: readonly PresenceChange[]) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Called with each decision that is another than the one before; returns the stop. */
  onDecision(listener: (why: Why) => void): () => void {
    this.#decisionListeners.add(listener);
    return () => this.#decisionListeners.delete(listener);
  }

  /**
   * Ends all work; by the settings, first gives back what is ours. Takes at most a few seconds.
   * @param options `giveBack: false` leaves the presence as it is, whatever the settings say: the claims on disk let the
   *   next run go on with it or take it back
   */
  async stop({ giveBack = true }: { readonly giveBack?: boolean } = {}): Promise<void> {
    this.#unsubscribe();
    const closing = this.#chats.close(giveBack && this.#deps.settings.get().onQuit === 'restore');
    this.#stop.abort();
    await closing;
  }

  async #refreshUntilQuiet(ask: Ask): Promise<void> {
    for (let next: Ask | null = ask; next !== null && !this.#stop.signal.aborted; next = this.#next) {
      this.#current = next;
      this.#next = null;
      const look = next.reading === 'all' ? next.at : next.reading;
      this.#words.forgetEnded();
      let isOver = false;
      const reading = this.#calendars.read(next.reading, this.#stop.signal).finally(() => {
        isOver = true;
      });
      if (!this.#calendars.isWhole) await within(this.#deps.clock, FIRST_READ_PATIENCE, reading);
      if (!isOver && !this.#calendars.isWhole) await this.apply(look);
      const isRead = await reading;
      if (this.#stop.signal.aborted) return;
      await this.apply(look);
      if (isRead) this.#lastSyncAt = this.#deps.clock.now();
    }
  }

  async #useAccounts(settings: Settings): Promise<void> {
    this.#calendars.use(settings.calendars);
    await this.#chats.use(settings.chats.map((chat) => withEmail(chat, settings.email)));
  }

  #makeChats(records: ReadonlyMap<string, ChatRecord>): Chats {
    const { providers, secrets, claims, clock, logger } = this.#deps;
    return new Chats(
      {
        clock,
        make: (account, record, onlyGiveBack) =>
          new ChatWorker(account, providers.chat(account, secrets), record, {
            claims,
            clock,
            logger: logger.named('chat'),
            decide: (handsOff) => this.#outlook.decide(account, handsOff, onlyGiveBack()),
            onChange: () => this.#publish(),
            onWritten: (change) => this.#changes.push(change),
          }),
      },
      records,
    );
  }

  #noteDecision(): void {
    const { why } = this.#outlook;
    const { kind, state, events } = why;
    const until = why.until === null ? null : new Date(why.until).toISOString();
    const decision = `${kind} ${state} ${until} ${events}`;
    if (decision === this.#lastDecision) return;
    this.#lastDecision = decision;
    this.#deps.logger.info('Decision', { why: kind, state, until });
    for (const listener of this.#decisionListeners) listener(why);
  }

  #logDefect(message: string, thrown: unknown): void {
    const { code, reason } = asAppError(thrown);
    this.#deps.logger.warn(message, { code, reason });
  }

  #publish(): void {
    const state = this.state();
    for (const listener of this.#stateListeners) listener(state);
  }

  #announce(): void {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length > 0) for (const listener of this.#changeListeners) listener(changes);
  }
}

import { type ChatAccount, withEmail } from '../core/accounts.ts';
import { eventsUnderWay, nextEdge, spanAt, timeline } from '../core/availability.ts';
import type { ChatRecord, HandsOff } from '../core/claim.ts';
import { pauseAt } from '../core/pause.ts';
import type { Wanted } from '../core/presencePlan.ts';
import { desiredPresence } from '../core/presenceRules.ts';
import type { Settings } from '../core/settings.ts';
import { missingStep } from '../core/setup.ts';
import type { SyncState } from '../core/syncState.ts';
import { type Instant, SECOND } from '../core/time.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import { CalendarReader } from './calendarReader.ts';
import { Calendars } from './calendars.ts';
import { ChatWorker, type Decision, type PresenceChange } from './chatWorker.ts';

export interface SyncEngineDeps {
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly providers: Providers;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Something that is due: `apply` brings the chats up to date, `refresh` reads the calendars first, `edge` does both. */
export interface Due {
  readonly at: Instant;
  readonly what: 'apply' | 'refresh' | 'edge';
}

/** How long a quit waits for the chats. */
const QUIT_PATIENCE = 8 * SECOND;
/** How long a run waits for a slow chat before it goes on without it. */
const CHAT_PATIENCE = 3 * SECOND;
/** How long chats wait for a calendar's very first answer before they are judged without it. */
const FIRST_READ_PATIENCE = 5 * SECOND;

/** Reads the calendars, decides, and has every chat brought up to date. Asks from outside only; it owns no timer. */
export class SyncEngine {
  readonly #deps: SyncEngineDeps;
  readonly #calendars: Calendars;
  readonly #stop = new AbortController();
  readonly #stateListeners = new Set<(state: SyncState) => void>();
  readonly #changeListeners = new Set<(changes: readonly PresenceChange[]) => void>();
  #records: ReadonlyMap<string, ChatRecord> = new Map();
  #workers: readonly ChatWorker[] = [];
  #refreshing: Promise<void> | null = null;
  #again = false;
  #lastSyncAt: Instant | null = null;
  #unsubscribe = (): void => {};
  #changes: PresenceChange[] = [];
  #isQuitting = false;
  #lastDecision = '';
  /** Changes of the accounts, one after the other: a chat never has two writers. */
  #following: Promise<void> = Promise.resolve();
  readonly #removed = new WeakSet<ChatAccount>();

  constructor(deps: SyncEngineDeps) {
    this.#deps = deps;
    const { providers, secrets, clock, logger } = deps;
    this.#calendars = new Calendars(
      (account) => new CalendarReader(account, providers.calendar(account, secrets), clock, logger.named('calendar')),
    );
  }

  /** Loads what was claimed before, and follows the settings from here on. Call `refresh` next. */
  async start(): Promise<void> {
    this.#records = await this.#deps.claims.load();
    await this.#useAccounts(this.#deps.settings.get());
    this.#unsubscribe = this.#deps.settings.subscribe((settings) => {
      this.#following = this.#following.then(() => this.#useAccounts(settings)).then(() => this.refresh());
    });
  }

  /**
   * Reads all calendars, then brings every chat up to date. One run in flight; asks meanwhile make one more.
   * @param options `join: true` is content with the run in flight: a mark that falls on an edge is no second reason to read
   */
  refresh({ join = false }: { readonly join?: boolean } = {}): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    if (this.#refreshing !== null) {
      this.#again ||= !join;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshUntilQuiet().finally(() => {
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
  async apply(): Promise<void> {
    this.#logDecision();
    const work = Promise.all(this.#workers.map((worker) => worker.reconcile())).then(() => this.#announce());
    await this.#within(CHAT_PATIENCE, work);
    this.#announce();
    this.#publish();
  }

  /** Resolves when no chat is being worked on. */
  async settled(): Promise<void> {
    await this.#following;
    await this.#refreshing;
    await Promise.all(this.#workers.map((worker) => worker.settled()));
  }

  /** An account's secret has changed: its provider is made anew and tried at once. */
  async renew(accountId: string): Promise<void> {
    await this.#following;
    this.#calendars.renew(accountId);
    const worker = this.#workers.find(({ account }) => account.id === accountId);
    if (worker !== undefined) {
      await worker.close();
      this.#records = new Map([...this.#records, [accountId, worker.record]]);
      this.#workers = this.#workers.map((other) => (other === worker ? this.#makeWorker(worker.account) : other));
    }
    await this.refresh();
  }

  /** What is due by itself and when: an edge, the end of a claim or of a pause, a retry. Null when nothing is. */
  nextDue(): Due | null {
    const { clock, settings } = this.#deps;
    const now = clock.now();
    const pause = pauseAt(settings.get(), now);
    const edge = pause.paused ? null : nextEdge(this.#timeline(new Set()), now);
    const due: readonly Due[] = [
      ...this.#calendars.retryTimes.map((at) => ({ at, what: 'refresh' }) as const),
      ...(pause.paused && pause.until !== null ? [{ at: pause.until, what: 'refresh' } as const] : []),
      ...(edge === null ? [] : [{ at: edge, what: 'edge' } as const]),
      ...this.#workers.flatMap(({ retryAt }) => (retryAt === null ? [] : [{ at: retryAt, what: 'apply' } as const])),
      // A claim ends even while the calendar can't be read.
      ...this.#workers.flatMap(({ record: { claim } }) =>
        claim !== null && claim.end > now ? [{ at: claim.end, what: 'apply' } as const] : [],
      ),
    ];
    return due.reduce<Due | null>((first, next) => (first === null || next.at < first.at ? next : first), null);
  }

  state(): SyncState {
    const { clock, settings } = this.#deps;
    const now = clock.now();
    const current = settings.get();
    const pause = pauseAt(current, now);
    const spans = this.#timeline(new Set());
    const span = spanAt(spans, now);
    const edge = nextEdge(spans, now);
    const chats = this.#workers.map((worker) => worker.status);
    const calendars = this.#calendars.statuses;
    const missing = missingStep(current);
    const pausedUntil = pause.paused ? (pause.until ?? 'forever') : null;
    return {
      phase: missing !== null ? 'setup' : pause.paused ? 'paused' : this.#lastSyncAt === null ? 'starting' : 'running',
      missing,
      pausedUntil,
      now: this.#calendars.isAnyKnown ? { state: span?.effect ?? null, until: edge } : null,
      next: edge === null ? null : { state: spanAt(spans, edge)?.effect ?? null, at: edge },
      calendars,
      chats,
      trouble: [...calendars, ...chats].find(({ error }) => error?.code === 'locked')?.error ?? null,
      syncing: this.#refreshing !== null,
      lastSyncAt: this.#lastSyncAt,
    };
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

  /**
   * Ends all work; by the settings, first gives back what is ours. Takes at most a few seconds.
   * @param options `giveBack: false` leaves the presence as it is, whatever the settings say: the claims on disk let the
   *   next run go on with it or take it back
   */
  async stop({ giveBack = true }: { readonly giveBack?: boolean } = {}): Promise<void> {
    this.#unsubscribe();
    if (giveBack && this.#deps.settings.get().onQuit === 'restore') {
      this.#isQuitting = true;
      await this.#within(QUIT_PATIENCE, Promise.all(this.#workers.map((worker) => worker.reconcile())));
    }
    this.#stop.abort();
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  async #refreshUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      const { settings, clock } = this.#deps;
      const { pausedUntil } = settings.get();
      if (pausedUntil !== null && !pauseAt(settings.get(), clock.now()).paused) settings.update({ pausedUntil: null });
      let isRead = false;
      const reading = this.#calendars.readAll(this.#stop.signal).then(() => {
        isRead = true;
      });
      if (!this.#calendars.isWhole) await this.#within(FIRST_READ_PATIENCE, reading);
      if (!isRead && !this.#calendars.isWhole) await this.apply();
      await reading;
      await this.apply();
      this.#lastSyncAt = clock.now();
    } while (this.#again && !this.#stop.signal.aborted);
  }

  /** The union of all calendars; what it was made of does not change between two reads. */
  #timeline(handsOff: ReadonlySet<string>) {
    const { settings, clock } = this.#deps;
    return timeline(this.#calendars.events, settings.get().rules, clock.zone(), handsOff);
  }

  #decide(handsOff: readonly HandsOff[], isRemoved: boolean): Decision {
    const { settings, clock } = this.#deps;
    const current = settings.get();
    const now = clock.now();
    const onlyGiveBack = isRemoved || this.#isQuitting || pauseAt(current, now).paused;
    return {
      wanted: onlyGiveBack ? null : this.#wanted(current, now, handsOff),
      underWay: eventsUnderWay(this.#calendars.events, current.rules, clock.zone(), now),
      ownText: current.rules.ownText,
      profileTimeZone: onlyGiveBack ? null : clock.zone(),
      onlyGiveBack,
    };
  }

  #wanted(settings: Settings, now: Instant, handsOff: readonly HandsOff[]): Wanted {
    const spans = this.#timeline(new Set(handsOff.map(({ event }) => event)));
    return desiredPresence(spans, settings, now) ?? (this.#calendars.isWhole ? null : 'unknown');
  }

  async #useAccounts(settings: Settings): Promise<void> {
    this.#calendars.use(settings.calendars);
    const accounts = settings.chats.map((chat) => withEmail(chat, settings.email));
    const isSame = (a: ChatAccount, b: ChatAccount) => JSON.stringify(a) === JSON.stringify(b);
    const stays = this.#workers.filter((worker) => accounts.some((account) => isSame(account, worker.account)));
    await Promise.all(this.#workers.filter((worker) => !stays.includes(worker)).map((worker) => this.#remove(worker)));
    this.#workers = accounts.map(
      (account) => stays.find((worker) => isSame(worker.account, account)) ?? this.#makeWorker(account),
    );
  }

  /** An account that goes gives back first (edge case 61). */
  async #remove(worker: ChatWorker): Promise<void> {
    this.#removed.add(worker.account);
    await this.#within(QUIT_PATIENCE, worker.reconcile());
    await worker.close();
    this.#records = new Map([...this.#records, [worker.account.id, worker.record]]);
  }

  #makeWorker(account: ChatAccount): ChatWorker {
    const { providers, secrets, claims, clock, logger } = this.#deps;
    return new ChatWorker(account, providers.chat(account, secrets), this.#records.get(account.id), {
      claims,
      clock,
      logger: logger.named('chat'),
      decide: (handsOff) => this.#decide(handsOff, this.#removed.has(account)),
      onChange: () => this.#publish(),
      onWritten: (change) => this.#changes.push(change),
    });
  }

  #logDecision(): void {
    const { settings, clock, logger } = this.#deps;
    const now = clock.now();
    const wanted = pauseAt(settings.get(), now).paused ? 'paused' : this.#wanted(settings.get(), now, []);
    const isPresence = typeof wanted === 'object' && wanted !== null;
    const decision = isPresence ? wanted.state : (wanted ?? 'available');
    const until = isPresence ? new Date(wanted.until).toISOString() : null;
    if (`${decision} ${until}` === this.#lastDecision) return;
    this.#lastDecision = `${decision} ${until}`;
    logger.info('Decision', { decision, until });
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

  async #within(limit: number, work: Promise<unknown>): Promise<void> {
    let timer: { stop(): void } | null = null;
    const patience = new Promise<void>((resolve) => {
      timer = this.#deps.clock.after(limit, resolve);
    });
    await Promise.race([work, patience]);
    (timer as { stop(): void } | null)?.stop();
  }
}

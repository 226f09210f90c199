import { type ActivityAccount, type ActivityEntry, activityAccount, activityReason } from '../core/activity.ts';
import type { Settings } from '../core/settings.ts';
import { changedKeys, wordsOf } from '../core/settingsWords.ts';
import type { CalendarState, ChatState, ChatStatus, SyncState } from '../core/syncState.ts';
import type { ActivityLog } from '../ports/activityLog.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { SystemEvents } from '../ports/systemEvents.ts';
import type { SyncEngine } from './syncEngine.ts';

export interface ActivityDeps {
  readonly engine: Pick<SyncEngine, 'onState' | 'onWritten' | 'onDecision'>;
  readonly settings: Pick<SettingsStore, 'get' | 'subscribe'>;
  readonly systemEvents: SystemEvents;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: ActivityLog;
}

/** How an account stood when it was last told of. */
interface Standing {
  readonly trouble: string | null;
  readonly status: Exclude<ChatStatus, 'failing'>;
}

const WELL: Standing = { trouble: null, status: 'ok' };

/** Tells the Activity what happens: it listens only, and writes each thing once, when it becomes true. */
export class Activity {
  readonly #deps: ActivityDeps;
  readonly #standings = new Map<string, Standing>();
  readonly #listeners = new Set<(entry: ActivityEntry) => void>();
  #settings: Settings;
  #stops: readonly (() => void)[] = [];

  constructor(deps: ActivityDeps) {
    this.#deps = deps;
    this.#settings = deps.settings.get();
  }

  /** Before the engine's start, so that its first decision is in it. */
  start(): void {
    const { engine, settings, systemEvents, clock } = this.#deps;
    this.#settings = settings.get();
    this.#stops = [
      engine.onState((state) => this.#saw(state)),
      engine.onDecision(({ kind: why, state, until, events }) =>
        this.#add({ kind: 'decision', at: clock.now(), why, state, until, events }),
      ),
      engine.onWritten((changes) => {
        for (const { account, provider, kind: what, state } of changes) {
          this.#add({ kind: 'written', at: clock.now(), account: activityAccount(account, provider), what, state });
        }
      }),
      settings.subscribe((now) => this.#changed(now)),
      systemEvents.subscribe((what) => this.#add({ kind: 'program', at: clock.now(), what })),
    ];
    this.#deps.log.tidy();
    this.#add({ kind: 'program', at: clock.now(), what: 'start' });
  }

  /** After the engine's stop, so that what it gave back is in it. */
  stop(): void {
    if (this.#stops.length === 0) return;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#add({ kind: 'program', at: this.#deps.clock.now(), what: 'stop' });
  }

  /** What is kept, the oldest first. */
  entries(): readonly ActivityEntry[] {
    return this.#deps.log.entries();
  }

  /** Called with each new entry; returns the stop. */
  onEntry(listener: (entry: ActivityEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(entry: ActivityEntry): void {
    this.#deps.log.add(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  #changed(settings: Settings): void {
    const now = this.#deps.clock.now();
    const before = this.#settings;
    this.#settings = settings;
    for (const word of wordsOf(before, settings, now)) this.#add(word);
    const keys = changedKeys(before, settings);
    if (keys.length > 0) this.#add({ kind: 'settings', at: now, keys: keys.slice(0, 60) });
  }

  #saw({ calendars, chats, syncing }: SyncState): void {
    this.#deps.log.tidy();
    const present = new Set<string>();
    for (const calendar of calendars) {
      present.add(`calendar ${calendar.id}`);
      this.#compare(`calendar ${calendar.id}`, calendar, 'ok', !syncing && calendar.lastReadAt !== null);
    }
    for (const chat of chats) {
      present.add(`chat ${chat.id}`);
      this.#compare(`chat ${chat.id}`, chat, chat.status, !syncing);
    }
    for (const key of this.#standings.keys()) if (!present.has(key)) this.#standings.delete(key);
  }

  /** @param isSure that no error means well: an account that was made anew has none before it is tried */
  #compare(key: string, state: ChatState | CalendarState, status: ChatStatus, isSure: boolean): void {
    const at = this.#deps.clock.now();
    const account: ActivityAccount = activityAccount(state.id, state.provider);
    const before = this.#standings.get(key) ?? WELL;
    const { error } = state;
    const reason = activityReason(error?.reason ?? null);
    const trouble = error === null ? null : `${error.code} ${reason}`;
    if (error !== null) {
      if (trouble !== before.trouble) this.#add({ kind: 'failed', at, account, code: error.code, reason });
      this.#standings.set(key, { ...before, trouble });
      return;
    }
    if (before.trouble !== null && !isSure) return;
    if (before.trouble !== null) this.#add({ kind: 'recovered', at, account });
    const now = status === 'failing' ? before.status : status;
    if (now !== before.status) this.#add({ kind: 'left', at, account, what: now === 'ok' ? 'followed' : now });
    this.#standings.set(key, { trouble: null, status: now });
  }
}

import { asAppError } from '../core/appError.ts';
import { waitsBeforeInstall, waitsForMeeting } from '../core/quietTime.ts';
import { releaseNotes } from '../core/releaseNotes.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../core/time.ts';
import type { NoteBlock, UpdateState } from '../core/updateState.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { UpdateMemory, Updater } from '../ports/updater.ts';
import type { SyncEngine } from './syncEngine.ts';
import { UpdateHistory } from './updateHistory.ts';

export interface UpdatesDeps {
  readonly updater: Updater;
  readonly memory: UpdateMemory;
  readonly engine: Pick<SyncEngine, 'state' | 'onState'>;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the person has a window or prompt of ours before them. */
  readonly isWindowOpen: () => boolean;
  /** Ends the app in its usual way, and calls `install` when all has stopped. */
  readonly restart: (install: () => Promise<void>) => void;
}

/** The start has other things to do, and the person too. */
const FIRST_LOOK = 5 * MINUTE;
/** Not everybody of an organisation at once: up to this much later than the day, or the first look. */
const JITTER = 4 * HOUR;
const FIRST_JITTER = 10 * MINUTE;
/** The next try after a failure; doubled each time, up to a day. */
const AGAIN = HOUR;
/** How often it is looked whether now is a good time, beside each change of the engine's state. */
const QUIET_LOOK = 2 * MINUTE;
const SOONEST = SECOND;

interface Found {
  readonly version: string;
  readonly notes: readonly NoteBlock[];
  /** Goes on by itself, without the person's word. */
  readonly byItself: boolean;
}

/** Looks for new versions, loads them, and installs one when the person wants it or nobody would notice. Never in a meeting. */
export class Updates {
  readonly #deps: UpdatesDeps;
  readonly #history: UpdateHistory;
  readonly #listeners = new Set<(state: UpdateState) => void>();
  #state: UpdateState = { kind: 'idle', lookedAt: null };
  #found: Found | null = null;
  /** The person has asked for the found version. */
  #isWanted = false;
  #isInstalling = false;
  #fails = 0;
  /** What was being installed when the program ended, and did not come. */
  #notInstalled: string | null = null;
  #work: AbortController | null = null;
  #timer: Timer | null = null;
  #source = '';
  #stops: readonly (() => void)[] = [];

  constructor(deps: UpdatesDeps) {
    this.#deps = deps;
    this.#history = new UpdateHistory({ ...deps, version: deps.updater.version });
  }

  state(): UpdateState {
    return this.#state;
  }

  /** Called after every change; returns the stop. */
  onState(listener: (state: UpdateState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    const { engine, settings } = this.#deps;
    this.#notInstalled = this.#history.recall();
    this.#stops = [settings.subscribe(() => this.#follow()), engine.onState(() => this.#installIfQuiet())];
    this.#follow();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#work?.abort();
    this.#disarm();
  }

  /** "Look for updates now". Does nothing while one is under way, or where there is nothing to look at. */
  async look(): Promise<void> {
    if (this.#offBecause() !== null || this.#work !== null || this.#isInstalling) return;
    const { updater, settings, clock, logger } = this.#deps;
    const { organisation, updates } = settings.get();
    this.#disarm();
    await this.#doing(async (signal) => {
      this.#show({ kind: 'checking' });
      const source = { feed: organisation.updateFeedUrl, channel: updates.channel, share: this.#history.share };
      const found = await updater.look(source, signal);
      signal.throwIfAborted();
      this.#fails = 0;
      this.#isWanted &&= found !== null && found.version === this.#found?.version;
      this.#found = null;
      if (found === null) {
        this.#show({ kind: 'idle', lookedAt: clock.now() });
        return;
      }
      const { version } = found;
      logger.info('An update', { version, older: found.isOlder });
      // What did not come the last time would only end the app once more.
      const byItself = updates.mode === 'install' && !found.isOlder && version !== this.#notInstalled;
      this.#found = { version, notes: releaseNotes(found.notes), byItself };
      if (byItself || this.#isWanted) await this.#load(signal);
      else this.#offer('available');
    });
  }

  /** The person wants the version that was found: it is loaded, and installed as soon as no meeting is on. */
  async install(): Promise<void> {
    const { kind } = this.#state;
    if (this.#found === null || !['available', 'ready', 'failed', 'downloading'].includes(kind)) return;
    this.#isWanted = true;
    if (kind === 'ready') this.#installIfQuiet();
    else if (this.#work === null) await this.#doing((signal) => this.#load(signal));
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { updater, logger } = this.#deps;
    const found = this.#found;
    if (found === null) return;
    const { version, notes } = found;
    const said = (percent: number) => {
      const whole = Math.max(0, Math.min(100, Math.floor(percent)));
      const isNew = this.#state.kind !== 'downloading' || this.#state.percent !== whole;
      if (isNew && !signal.aborted) this.#show({ kind: 'downloading', version, notes, percent: whole });
    };
    said(0);
    await updater.download(said, signal);
    signal.throwIfAborted();
    logger.info('An update is ready', { version });
    this.#settle(found);
  }

  /** One piece of work at a time; what goes wrong becomes the state. */
  async #doing(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.#work = controller;
    try {
      await work(controller.signal);
    } catch (thrown) {
      if (!controller.signal.aborted) this.#failed(thrown);
    }
    // What was given up has a successor, or the app has ended.
    if (controller.signal.aborted) return;
    this.#work = null;
    this.#armForNextLook();
  }

  #failed(thrown: unknown): void {
    const { code, reason } = asAppError(thrown);
    this.#fails += 1;
    this.#deps.logger.warn('The update failed', { code, reason, fails: this.#fails });
    this.#show({ kind: 'failed', code, reason, version: this.#found?.version ?? null });
  }

  #installIfQuiet(): void {
    if (this.#state.kind === 'ready' && this.#found !== null && !this.#isInstalling) this.#settle(this.#found);
  }

  /** What was loaded is installed, or waits. */
  #settle(found: Found): void {
    const waitsFor = this.#waitsFor(found);
    if (waitsFor === null && (this.#isWanted || this.#goesByItself(found))) {
      this.#begin(found.version);
      return;
    }
    if (this.#state.kind !== 'ready' || this.#state.waitsFor !== waitsFor) this.#offer('ready');
    if (waitsFor !== null) this.#arm(this.#deps.clock.now() + QUIET_LOOK);
  }

  /** Null, too, when only the person's word is missing. */
  #waitsFor(found: Found): 'meeting' | 'quiet' | null {
    const { engine, settings, clock, isWindowOpen } = this.#deps;
    const state = engine.state();
    const { busy } = settings.get().overrides;
    const isBusyByWord = busy !== null && Date.parse(busy.until) > clock.now();
    if (this.#isWanted) return waitsForMeeting(state, isBusyByWord) ? 'meeting' : null;
    return this.#goesByItself(found) ? waitsBeforeInstall(state, clock.now(), isWindowOpen()) : null;
  }

  #goesByItself({ byItself }: Found): boolean {
    return byItself && this.#deps.updater.support() === 'quietly';
  }

  /** Once, whatever happens: the app ends now. */
  #begin(version: string): void {
    const { updater, restart, logger } = this.#deps;
    this.#isInstalling = true;
    this.#disarm();
    try {
      this.#history.attempt(version);
    } catch (thrown) {
      this.#isInstalling = false;
      this.#isWanted = false;
      this.#failed(thrown);
      this.#armForNextLook();
      return;
    }
    logger.info('Restarting for an update', { version });
    this.#show({ kind: 'installing', version });
    restart(() => updater.install());
  }

  #offBecause(): 'noFeed' | 'mode' | 'unsupported' | null {
    const { settings, updater } = this.#deps;
    const { organisation, updates } = settings.get();
    if (organisation.updateFeedUrl === '') return 'noFeed';
    if (updater.support() === 'no') return 'unsupported';
    return updates.mode === 'off' ? 'mode' : null;
  }

  /** The settings: another feed, channel or mode begins anew. */
  #follow(): void {
    const { settings, clock } = this.#deps;
    const { organisation, updates } = settings.get();
    const source = JSON.stringify([organisation.updateFeedUrl, updates]);
    const isFirst = this.#source === '';
    if (source === this.#source) {
      this.#installIfQuiet();
      return;
    }
    if (this.#isInstalling) return;
    this.#source = source;
    this.#work?.abort();
    this.#work = null;
    this.#found = null;
    this.#isWanted = false;
    this.#fails = 0;
    this.#disarm();
    const why = this.#offBecause();
    if (why !== null) {
      this.#show({ kind: 'off', why });
      return;
    }
    const version = this.#notInstalled;
    if (version === null) this.#show({ kind: 'idle', lookedAt: null });
    else this.#show({ kind: 'failed', code: 'unavailable', reason: 'notInstalled', version });
    // Whoever has just chosen something else is not kept waiting.
    this.#arm(clock.now() + (isFirst ? FIRST_LOOK + clock.random() * FIRST_JITTER : SOONEST));
  }

  #offer(kind: 'available' | 'ready'): void {
    const found = this.#found;
    if (found === null) return;
    const { version, notes } = found;
    this.#show(kind === 'ready' ? { kind, version, notes, waitsFor: this.#waitsFor(found) } : { kind, version, notes });
  }

  #show(state: UpdateState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #armForNextLook(): void {
    const { clock } = this.#deps;
    if (this.#offBecause() !== null || this.#isInstalling) return;
    const pause = this.#fails === 0 ? DAY : Math.min(DAY, AGAIN * 2 ** (this.#fails - 1));
    const isWaiting = this.#state.kind === 'ready' && this.#state.waitsFor !== null;
    this.#arm(clock.now() + (isWaiting ? QUIET_LOOK : pause + clock.random() * Math.min(JITTER, pause / 4)));
  }

  #arm(at: Instant): void {
    const { clock } = this.#deps;
    this.#disarm();
    this.#timer = clock.after(Math.max(SOONEST, at - clock.now()), () => {
      this.#timer = null;
      if (this.#state.kind === 'ready' && this.#state.waitsFor !== null) this.#installIfQuiet();
      else void this.look();
    });
  }

  #disarm(): void {
    this.#timer?.stop();
    this.#timer = null;
  }
}

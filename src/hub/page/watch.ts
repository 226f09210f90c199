import { SECOND } from '../../core/time.ts';
import type { HubApi } from './api.ts';
import { CallFailed, isSignedOut } from './callFailed.ts';
import { DayLoader } from './dayLoader.ts';
import { type LineState, Live, type LiveDeps } from './live.ts';
import type { ChangeOut, PresenceOut } from './model.ts';
import { Team } from './team.ts';

/** What the page shows of the team. */
export interface TeamView {
  readonly people: readonly PresenceOut[];
  /** Whether everybody has been read once. */
  readonly isLoaded: boolean;
  readonly line: LineState;
}

export interface WatchDeps extends Omit<LiveDeps, 'isSignedIn'> {
  readonly api: Pick<HubApi, 'session' | 'presences' | 'day'>;
  readonly onView: (view: TeamView) => void;
  readonly onSignedOut: () => void;
}

/** Changes that come together are shown together. */
const TOGETHER = 40;
const RELOAD_AFTER = 3 * SECOND;

/** Everybody, kept true as long as it runs. */
export class TeamWatch {
  readonly days: DayLoader;
  readonly #deps: WatchDeps;
  readonly #live: Live;
  readonly #team = new Team();
  #line: LineState = { kind: 'connecting' };
  #isLoaded = false;
  #isTold = true;
  #load = 0;
  #stopped = false;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    const isSignedIn = async () => (await deps.api.session()).signedIn;
    this.#live = new Live(
      { ...deps, isSignedIn },
      {
        onLine: (line) => this.#lineIs(line),
        onChange: (change) => this.#changed(change),
        onLoad: () => void this.#loadAll(),
        onSignedOut: () => this.#end(),
      },
    );
    this.days = new DayLoader({
      ...deps,
      read: (id, since) => deps.api.day(id, since),
      onFailed: (thrown) => this.#failed(thrown),
    });
  }

  start(): void {
    this.#live.start();
  }

  /** The network is back, or somebody looks again. */
  retryNow(): void {
    this.#live.retryNow();
  }

  stop(): void {
    this.#stopped = true;
    this.#live.stop();
    this.days.stop();
  }

  #changed(change: ChangeOut): void {
    this.#team.apply(change);
    if (change.kind === 'presence') this.days.changed(change);
    this.#tell();
  }

  #lineIs(line: LineState): void {
    // What was shown while nothing came is known to the hub alone.
    if (line.kind === 'live' && this.#line.kind === 'lost') this.days.refresh();
    this.#line = line;
    this.#tell();
  }

  async #loadAll(): Promise<void> {
    this.#load += 1;
    const load = this.#load;
    const isOver = () => this.#stopped || load !== this.#load;
    this.#team.beginLoad();
    try {
      for (let after: string | null = ''; after !== null; ) {
        const page = await this.#deps.api.presences(after);
        if (isOver()) return;
        this.#team.addLoaded(page.items);
        after = page.next;
      }
    } catch (thrown) {
      if (isOver() || this.#failed(thrown)) return;
      const wait = thrown instanceof CallFailed ? thrown.retryAfter : null;
      this.#deps.later(wait === null ? RELOAD_AFTER : wait * SECOND, () => {
        if (!isOver()) void this.#loadAll();
      });
      return;
    }
    this.#team.finishLoad();
    this.#isLoaded = true;
    this.days.refresh();
    this.#tell();
  }

  /** @returns whether that was the end */
  #failed(thrown: unknown): boolean {
    if (isSignedOut(thrown)) this.#end();
    return this.#stopped;
  }

  #end(): void {
    if (this.#stopped) return;
    this.stop();
    this.#deps.onSignedOut();
  }

  #tell(): void {
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#deps.later(TOGETHER, () => {
      this.#isTold = true;
      if (this.#stopped) return;
      this.#deps.onView({ people: this.#team.people, isLoaded: this.#isLoaded, line: this.#line });
    });
  }
}

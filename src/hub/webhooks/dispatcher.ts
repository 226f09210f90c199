import { asAppError } from '../../core/appError.ts';
import { type Instant, SECOND } from '../../core/time.ts';
import type { Timer } from '../../ports/clock.ts';
import type { HubFeed } from '../feed.ts';
import { type RunnerDeps, WebhookRunner } from './runner.ts';

export interface DispatcherDeps extends RunnerDeps {
  readonly feed: Pick<HubFeed, 'read' | 'follow'>;
}

/** How often it is looked for webhooks that another hub has made or deleted. */
const LOOK = 10 * SECOND;

/** What there is to know of the deliveries of this hub. */
export interface DispatcherStats {
  readonly on: number;
  readonly off: number;
  readonly failing: number;
  /** Since when the change waits that has waited longest; null when none does. */
  readonly waitingSince: Instant | null;
}

/** Has every webhook delivered to, each by a runner of its own. */
export class WebhookDispatcher {
  readonly #deps: DispatcherDeps;
  readonly #runners = new Map<string, WebhookRunner>();
  #off = 0;
  #looking: Promise<void> = Promise.resolve();
  #timer: Timer | null = null;
  #unfollow = (): void => {};
  #stopped = false;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#unfollow = this.#deps.feed.follow({
      onEvents: () => {
        for (const runner of this.#runners.values()) runner.poke();
      },
      onReset: () => {
        for (const runner of this.#runners.values()) runner.reset();
      },
    });
    this.#lookAgain();
  }

  /** Looks at once which webhooks there are. */
  refresh(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  /** @param patience milliseconds for deliveries that are under way */
  async stop(patience: number): Promise<void> {
    this.#stopped = true;
    this.#timer?.stop();
    this.#unfollow();
    await this.#looking;
    const runners = [...this.#runners.values()];
    const timer = this.#deps.clock.after(patience, () => {
      for (const runner of runners) runner.cut();
    });
    await Promise.all(runners.map((runner) => runner.stop()));
    timer.stop();
  }

  stats(): DispatcherStats {
    const runners = [...this.#runners.values()];
    const since = runners.flatMap(({ waitingSince }) => waitingSince ?? []);
    return {
      on: runners.length,
      off: this.#off,
      failing: runners.filter(({ isFailing }) => isFailing).length,
      waitingSince: since.length === 0 ? null : Math.min(...since),
    };
  }

  #lookAgain(): void {
    void this.refresh().then(() => {
      if (!this.#stopped) this.#timer = this.#deps.clock.after(LOOK, () => this.#lookAgain());
    });
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const { webhooks, logger } = this.#deps;
    try {
      const all = await webhooks.list();
      const on = new Set(all.filter(({ isOff }) => !isOff).map(({ id }) => id));
      this.#off = all.length - on.size;
      for (const [id, runner] of this.#runners) {
        if (on.has(id)) continue;
        this.#runners.delete(id);
        // It ends by itself after the delivery that is under way.
        void runner.stop();
      }
      for (const id of on) if (!this.#runners.has(id)) this.#runners.set(id, new WebhookRunner(id, this.#deps));
    } catch (thrown) {
      logger.debug('The webhooks could not be read', { code: asAppError(thrown).code });
    }
  }
}

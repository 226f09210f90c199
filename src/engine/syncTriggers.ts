import { type Instant, SECOND } from '../core/time.ts';
import type { Cadence } from '../ports/cadence.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { SystemEvents } from '../ports/systemEvents.ts';
import type { Due } from './due.ts';
import type { SyncEngine } from './syncEngine.ts';

export interface SyncTriggersDeps {
  readonly engine: SyncEngine;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly settings: SettingsStore;
  readonly systemEvents: SystemEvents;
  readonly logger: Logger;
}

/** A timer never fires sooner than this, so that a time in the past can't make a tight loop. */
const SHORTEST = SECOND / 4;

/** Everything that asks the engine to run: the marks, the next edge or retry, and what the machine tells. */
export class SyncTriggers {
  readonly #deps: SyncTriggersDeps;
  #due: { readonly at: Instant; readonly timer: Timer } | null = null;
  #marks: { readonly minutes: number; readonly timer: Timer } | null = null;
  #stops: readonly (() => void)[] = [];

  constructor(deps: SyncTriggersDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { engine, settings, systemEvents, logger } = this.#deps;
    this.#keepMarks();
    this.#stops = [
      () => this.#marks?.timer.stop(),
      settings.subscribe(() => this.#keepMarks()),
      systemEvents.subscribe((event) => {
        logger.info('System event', { event });
        // A timer runs on through a clock that is set, and stands still in sleep: it would come at another time now.
        this.#disarm();
        this.#schedule();
        void engine.refresh();
      }),
      engine.onState(() => this.#schedule()),
    ];
    this.#schedule();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#disarm();
    this.#marks = null;
  }

  #disarm(): void {
    this.#due?.timer.stop();
    this.#due = null;
  }

  #keepMarks(): void {
    const { engine, cadence, settings, logger } = this.#deps;
    const { refreshMinutes } = settings.get();
    if (this.#marks?.minutes === refreshMinutes) return;
    this.#marks?.timer.stop();
    const timer = cadence.start(refreshMinutes, () => {
      logger.debug('Mark', { minutes: refreshMinutes });
      void engine.refresh('mark');
    });
    this.#marks = { minutes: refreshMinutes, timer };
  }

  #schedule(): void {
    const { engine, clock } = this.#deps;
    const due = engine.nextDue();
    if (due?.at === this.#due?.at) return;
    this.#disarm();
    if (due === null) return;
    const timer = clock.after(Math.max(SHORTEST, due.at - clock.now()), () => {
      this.#due = null;
      void this.#run(due.what).then(() => this.#schedule());
    });
    this.#due = { at: due.at, timer };
  }

  async #run(what: Due['what']): Promise<void> {
    const { engine, logger } = this.#deps;
    logger.debug('Due', { what });
    if (what === 'edge' || what === 'apply') await engine.apply();
    if (what === 'edge') await engine.refresh('edge');
    if (what === 'retry') await engine.refresh('mark');
    if (what === 'refresh') await engine.refresh('all');
  }
}

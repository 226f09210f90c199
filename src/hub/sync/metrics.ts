import type { Instant } from '../../core/time.ts';

/** How organisation sync is doing, for the metrics and the page. Counters are this process's own and only rise. */
export interface SyncMetrics {
  /** Whether this hub plans for all of them; `people`, `stale`, `waiting` and the lag are known to it alone. */
  readonly isPlanner: boolean;
  /** Whose calendars are read. */
  readonly people: number;
  /** Whose calendar could not be read the last time. */
  readonly stale: number;
  /** Who is due and has not been read yet. */
  waiting(now: Instant): number;
  /** How long the one who has waited longest is overdue; seconds, 0 when nobody is. */
  lagSeconds(now: Instant): number;
  /** Reads of one person's calendar that went well, and that did not. */
  readonly done: number;
  readonly failed: number;
  /** HTTP calls; a `$batch` is one. */
  readonly calls: number;
  /** What Graph counts: each request within a `$batch` by itself. */
  readonly requests: number;
  /** How often the service asked to be called less often. */
  readonly throttled: number;
  /** Presences written. */
  readonly reports: number;
}

/** What the planner knows. */
export interface PlanFigures {
  readonly people: number;
  readonly stale: number;
  waiting(now: Instant): number;
  lag(now: Instant): number;
}

/** The figures of one process. */
export class SyncFigures implements SyncMetrics {
  done = 0;
  failed = 0;
  calls = 0;
  requests = 0;
  throttled = 0;
  reports = 0;
  #plan: PlanFigures | null = null;

  /** @param plan null when another hub plans */
  planBy(plan: PlanFigures | null): void {
    this.#plan = plan;
  }

  get isPlanner(): boolean {
    return this.#plan !== null;
  }

  get people(): number {
    return this.#plan?.people ?? 0;
  }

  get stale(): number {
    return this.#plan?.stale ?? 0;
  }

  waiting(now: Instant): number {
    return this.#plan?.waiting(now) ?? 0;
  }

  lagSeconds(now: Instant): number {
    return (this.#plan?.lag(now) ?? 0) / 1_000;
  }
}

import type { ActivityEntry } from '../core/activity.ts';

/** What HipStatus has done in the last days. One writer: the program that holds the lock of the home folder. */
export interface ActivityLog {
  /** Never throws and never waits: what can't be kept is lost, and nothing else with it. */
  add(entry: ActivityEntry): void;
  /** Those that are kept, in the order in which they were added. */
  entries(): readonly ActivityEntry[];
  /** Forgets what is too old. Costs nothing while nothing is. */
  tidy(): void;
}

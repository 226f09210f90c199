import type { Timer } from './clock.ts';

/** The regular beat: every :00, :05, :10 … of the wall clock. */
export interface Cadence {
  start(onMark: () => void): Timer;
}

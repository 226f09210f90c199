import type { Timer } from './clock.ts';

/** The regular beat of the wall clock: with five minutes :00, :05, :10 … */
export interface Cadence {
  /** @param minutes from one mark to the next; a divisor of 60 */
  start(minutes: number, onMark: () => void): Timer;
}

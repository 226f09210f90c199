import { setTimeout as sleep } from 'node:timers/promises';

/** How long one hour of the day takes; milliseconds. Ten minutes are a whole second: Slack ends a status on whole seconds. */
export const HOUR_MS = 6_000;
const MINUTE_MS = HOUR_MS / 60;

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

/** A working day, told fast: its `09:00` is a real instant, an hour lasts `HOUR_MS`. */
export class Day {
  readonly #begin: number;
  readonly #first: number;

  /** Begins at `first` (such as `08:30`) on the next whole second. */
  constructor(first: string) {
    this.#first = minutesOf(first);
    this.#begin = Math.ceil((Date.now() + 50) / 1_000) * 1_000;
  }

  /** The real instant of a time of the day. */
  at(clock: string): number {
    return this.#begin + (minutesOf(clock) - this.#first) * MINUTE_MS;
  }

  /** The time of the day at a real instant: `09:05`. */
  clock(at: number): string {
    const minutes = this.#first + Math.floor((at - this.#begin) / MINUTE_MS + 1e-6);
    const part = (value: number) => String(value).padStart(2, '0');
    return `${part(Math.floor(minutes / 60) % 24)}:${part(minutes % 60)}`;
  }

  /** Resolves at a time of the day, at once when it is over. */
  async until(clock: string, signal: AbortSignal): Promise<void> {
    const at = this.at(clock);
    // Timers may be a millisecond early.
    do await sleep(Math.max(0, at - Date.now()), undefined, { signal });
    while (Date.now() < at);
  }
}

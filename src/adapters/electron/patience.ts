import type { Clock, Timer } from '../../ports/clock.ts';

export interface Patience {
  readonly clock: Clock;
  /** Milliseconds without a sign of life. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Ends what the work waits for, by letting it fail. */
  readonly giveUp: (reason: 'stalled' | 'aborted') => void;
}

/** Runs `work` until it ends, is aborted, or gives no sign of life for too long. @param work told how to give one */
export async function withPatience<T>(
  { clock, limit, signal, giveUp }: Patience,
  work: (goOn: () => void) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let timer: Timer = { stop: () => {} };
  const goOn = () => {
    timer.stop();
    timer = clock.after(limit, () => giveUp('stalled'));
  };
  const abort = () => giveUp('aborted');
  signal.addEventListener('abort', abort);
  goOn();
  try {
    return await work(goOn);
  } finally {
    timer.stop();
    signal.removeEventListener('abort', abort);
  }
}

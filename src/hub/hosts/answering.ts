import { AppError } from '../../core/appError.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HostAnswer, Say } from './message.ts';

export interface AnsweringDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * What is there in time. What comes later goes to `say`; `null` of what runs is nothing to say.
 * @param patience milliseconds
 */
export async function answerInTime(
  running: Promise<readonly HostAnswer[]>,
  say: Say,
  patience: number,
  { clock, logger }: AnsweringDeps,
): Promise<readonly HostAnswer[]> {
  const first = await inTime(running, clock, patience);
  if (first !== 'late') return first;
  running
    .then(async (answers) => {
      if (answers.length > 0) await say(answers);
    })
    .catch((thrown: unknown) => {
      const { code, reason } = thrown instanceof AppError ? thrown : { code: 'defect', reason: null };
      logger.warn('An answer that came late could not be said', { code, ...(reason === null ? {} : { reason }) });
    });
  return [];
}

function inTime<T>(running: Promise<T>, clock: Clock, patience: number): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(patience, () => resolve('late'));
    running.then(resolve, reject).finally(() => timer.stop());
  });
}

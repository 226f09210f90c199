import type { App } from 'electron';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';

/** How long a quit waits for the chats; after that, their own expiry or the next start puts things right. */
const STOP_PATIENCE = 10 * SECOND;

/** How long the app may live on for what comes last: an installer that asks for a password. */
const LAST_PATIENCE = 5 * MINUTE;

/** How the app ends. */
export interface Ending {
  /** Ends it as a quit does; `last` runs when everything has stopped, just before the end. Later calls change nothing. */
  endWith(last: () => Promise<void>): void;
}

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, milliseconds));

/** Runs `stop` once before the app ends, however it is ended, and ends it then or when the patience is over. */
export function stopBeforeQuit(app: Pick<App, 'on' | 'quit' | 'exit'>, stop: () => Promise<void>): Ending {
  let isStopping = false;
  let last: (() => Promise<void>) | null = null;
  const end = (): void => app.exit(0);
  const finish = async (): Promise<void> => {
    await Promise.race([stop().catch(() => undefined), after(STOP_PATIENCE)]);
    if (last !== null) await Promise.race([last(), after(LAST_PATIENCE)]);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    finish().then(end, end);
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  return {
    endWith(given) {
      if (isStopping) return;
      last ??= given;
      app.quit();
    },
  };
}

/** Where a defect is, without its message: that may hold what must not be logged. */
export function defectFields(thrown: unknown): { readonly name: string; readonly stack: string } {
  if (!(thrown instanceof Error)) return { name: typeof thrown, stack: '' };
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: thrown.name, stack: frames.join('\n') };
}

/** A defect is logged and the app goes on: a person's presence must not hang on it. */
export function logDefects(logger: Logger): void {
  process.on('uncaughtException', (thrown) => logger.error('Uncaught exception', defectFields(thrown)));
  process.on('unhandledRejection', (thrown) => logger.error('Unhandled rejection', defectFields(thrown)));
}

/** Starts the app on sample data: a calendar and chats that are all invented (docs/decisions/sample-data.md). */
export const SAMPLE_FLAG = '--sample';

export const wantsSample = (args: readonly string[]): boolean => args.includes(SAMPLE_FLAG);

/** `--debug` anywhere, or the bare `1` that JAMF's HipStatus took. */
export const wantsDebug = (args: readonly string[]): boolean => args.includes('--debug') || args.includes('1');

import type { App } from 'electron';
import { SECOND } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';

/** How long a quit waits for the chats; after that, their own expiry or the next start puts things right. */
const STOP_PATIENCE = 10 * SECOND;

/** Runs `stop` once before the app ends, however it is ended, and ends it then or when the patience is over. */
export function stopBeforeQuit(app: App, stop: () => Promise<void>): void {
  let isStopping = false;
  const end = (): void => app.exit(0);
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    setTimeout(end, STOP_PATIENCE);
    stop().then(end, end);
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
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

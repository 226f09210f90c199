import * as fs from 'node:fs';
import path from 'node:path';

/** Editors and atomic writes make several events of one change; milliseconds. */
const SETTLE = 50;
const POLL = 2_000;

/**
 * Calls `onEvent` a moment after `file` was written, replaced, made or removed; its folder must be there. Where the system
 * can't watch (no more watchers, some network folders) it looks every 2 s. Does not keep the process alive.
 * @returns the stop
 */
export function watchFile(file: string, onEvent: () => void): () => void {
  let settling: NodeJS.Timeout | undefined;
  let watcher: fs.FSWatcher | undefined;
  const poll = (): void => {
    fs.watchFile(file, { persistent: false, interval: POLL }, onEvent);
  };
  try {
    watcher = fs.watch(path.dirname(file), { persistent: false }, (_event, name) => {
      if (name !== null && name !== path.basename(file)) return;
      clearTimeout(settling);
      settling = setTimeout(onEvent, SETTLE).unref();
    });
    watcher.on('error', () => {
      watcher?.close();
      poll();
    });
  } catch {
    poll();
  }
  return () => {
    clearTimeout(settling);
    watcher?.close();
    fs.unwatchFile(file, onEvent);
  };
}

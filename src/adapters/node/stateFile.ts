import { rmSync } from 'node:fs';
import path from 'node:path';
import type { ZodType } from 'zod';
import { readIfThere, writeAtomic } from './atomicFile.ts';
import { watchFile } from './watchFile.ts';

/** What the running program shows to other processes of the same person. */
export interface StateFile<T> {
  /** Atomic; what a power cut takes, the next write brings back. */
  write(state: T): void;
  /** Null when there is none, or none that this version understands. */
  read(): T | null;
  /** Calls with each new state; returns the stop. */
  watch(onState: (state: T) => void): () => void;
  remove(): void;
}

export function createStateFile<T>(file: string, schema: ZodType<T>): StateFile<T> {
  let written: string | undefined;
  const read = (): T | null => {
    const text = readIfThere(file);
    if (text === null) return null;
    try {
      return schema.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null;
    }
  };
  return {
    write(state) {
      const text = `${JSON.stringify(state)}\n`;
      if (text === written) return;
      writeAtomic(file, text, { flush: false });
      written = text;
    },
    read,
    watch: (onState) =>
      watchFile(file, () => {
        const state = read();
        if (state !== null) onState(state);
      }),
    remove() {
      rmSync(file, { force: true });
      written = undefined;
    },
  };
}

const requestFile = (runDir: string): string => path.join(runDir, 'sync-request');

/** Asks the running program to sync now. Whether one is running is the instance lock's to say. */
export function requestSync(runDir: string): void {
  writeAtomic(requestFile(runDir), '', { flush: false });
}

/** Calls `onRequest` for each `requestSync` from now on (several at once are one); returns the stop. */
export function watchSyncRequests(runDir: string, onRequest: () => void): () => void {
  const file = requestFile(runDir);
  rmSync(file, { force: true });
  return watchFile(file, () => {
    if (readIfThere(file) === null) return;
    rmSync(file, { force: true });
    onRequest();
  });
}

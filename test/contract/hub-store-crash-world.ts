// A process that writes to a store and is killed, and what it had been told by then.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A write that was acknowledged. */
export type Written =
  | { readonly kind: 'event'; readonly id: number; readonly person: string; readonly text: string }
  | { readonly kind: 'document'; readonly key: string; readonly version: number; readonly text: string };

export interface WriterProcess {
  readonly written: readonly Written[];
  /** Resolves when so many writes were acknowledged; rejects when the process ends before. */
  reaches(count: number): Promise<void>;
  /** SIGKILL; resolves when it is gone and all it told was read. */
  kill(): Promise<void>;
}

const WRITER = join(import.meta.dirname, 'fixtures', 'hub-store-writer.ts');

export function startWriter(folder: string, name: string, count: number): WriterProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, folder, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const written: Written[] = [];
  const waiting = new Set<() => void>();
  let isGone = false;
  const look = (): void => {
    for (const each of [...waiting]) each();
  };
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    // The last line may have been cut off by the end.
    if (!line.endsWith('}')) return;
    written.push(JSON.parse(line));
    look();
  });
  const gone = Promise.all([once(child, 'close'), once(lines, 'close')]).then(() => {
    isGone = true;
    look();
  });
  return {
    written,
    reaches: (wanted) =>
      new Promise((resolve, reject) => {
        const each = (): void => {
          if (written.length < wanted && !isGone) return;
          waiting.delete(each);
          if (written.length >= wanted) resolve();
          else reject(new Error(`The writer ended by itself (${child.exitCode ?? child.signalCode}).`));
        };
        waiting.add(each);
        each();
      }),
    async kill() {
      child.kill('SIGKILL');
      await gone;
      if (child.signalCode !== 'SIGKILL') throw new Error(`The writer ended by itself (${child.exitCode}).`);
    },
  };
}

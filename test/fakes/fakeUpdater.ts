import type {
  FoundUpdate,
  UpdateMemory,
  UpdateRecord,
  Updater,
  UpdateSource,
  UpdateSupport,
} from '../../src/ports/updater.ts';

/** An updater that finds what it is told, as fast as it is told. */
export class FakeUpdater implements Updater {
  readonly version = '2.0.0';
  can: UpdateSupport = 'quietly';
  found: FoundUpdate | null = null;
  /** Thrown by the next step. */
  error: Error | null = null;
  /** While set, a step waits for it. */
  waitFor: Promise<void> | null = null;
  readonly did: string[] = [];
  readonly sources: UpdateSource[] = [];
  readonly aborted: string[] = [];

  support(): UpdateSupport {
    return this.can;
  }

  async look(source: UpdateSource, signal: AbortSignal): Promise<FoundUpdate | null> {
    this.sources.push(source);
    await this.#step('look', signal);
    return this.found;
  }

  async download(onPercent: (percent: number) => void, signal: AbortSignal): Promise<void> {
    onPercent(33.4);
    onPercent(33.6);
    await this.#step('download', signal);
    onPercent(100);
  }

  async install(): Promise<void> {
    this.did.push('install');
  }

  async #step(name: string, signal: AbortSignal): Promise<void> {
    this.did.push(name);
    signal.addEventListener('abort', () => this.aborted.push(name));
    await this.waitFor;
    if (this.error !== null) throw this.error;
  }
}

export class MemoryUpdates implements UpdateMemory {
  record: UpdateRecord = { attempted: null, share: null };
  error: Error | null = null;

  read(): UpdateRecord {
    return this.record;
  }

  write(record: UpdateRecord): void {
    if (this.error !== null) throw this.error;
    this.record = record;
  }
}

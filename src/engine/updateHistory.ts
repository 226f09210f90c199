import { asAppError } from '../core/appError.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { UpdateMemory } from '../ports/updater.ts';

export interface UpdateHistoryDeps {
  readonly memory: UpdateMemory;
  readonly clock: Pick<Clock, 'random'>;
  readonly logger: Logger;
  /** The one that runs. */
  readonly version: string;
}

/** What is remembered of updates from one run to the next. */
export class UpdateHistory {
  readonly #deps: UpdateHistoryDeps;

  constructor(deps: UpdateHistoryDeps) {
    this.#deps = deps;
  }

  /** At the start. @returns the version that the last run ended with to install, if it has not come; else null */
  recall(): string | null {
    const { memory, version, logger } = this.#deps;
    let missing: string | null = null;
    try {
      const record = memory.read();
      const { attempted } = record;
      if (attempted === null) return null;
      const hasCome = attempted === version;
      logger.info(hasCome ? 'Updated' : 'The update was not installed', { version: attempted });
      missing = hasCome ? null : attempted;
      memory.write({ ...record, attempted: null });
    } catch (thrown) {
      logger.warn('What was remembered of updates is lost', { code: asAppError(thrown).code });
    }
    return missing;
  }

  /** Before a version is installed: should it not come, the next start knows it. Throws as `UpdateMemory.write` does. */
  attempt(version: string): void {
    const { memory } = this.#deps;
    memory.write({ ...memory.read(), attempted: version });
  }

  /** Drawn once for this computer: see `UpdateSource`. Throws as `UpdateMemory.write` does. */
  get share(): number {
    const { memory, clock } = this.#deps;
    const record = memory.read();
    if (record.share !== null) return record.share;
    const share = clock.random();
    memory.write({ ...record, share });
    return share;
  }
}

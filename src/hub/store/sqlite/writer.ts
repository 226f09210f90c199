import type { Clock } from '../../../ports/clock.ts';
import type { HubEvent } from '../../model.ts';
import { refusal } from '../changes.ts';
import { patiently } from './database.ts';
import { isStoreFailure, storeError } from './errors.ts';
import type { Db } from './statements.ts';

/** The events that a batch has made so far, in the order of their ids. */
export type Made = HubEvent[];

interface Job {
  readonly isLazy: boolean;
  readonly act: (made: Made) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Operations in one transaction at most, so that the event loop gets its turn. */
const MOST = 500;

/**
 * Group commit: what is asked for in the same turn of the event loop goes into one transaction, and one flush of the disk
 * acknowledges it all. Each operation is a savepoint of its own: it happens as a whole or not at all, whatever becomes of the others.
 */
export class Writer {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #committed: (events: readonly HubEvent[]) => void;
  #queue: Job[] = [];
  #running: Promise<void> | null = null;
  #isClosed = false;
  #isLazy = false;

  /** @param committed hears the events of a transaction that has landed */
  constructor(db: Db, clock: Clock, committed: (events: readonly HubEvent[]) => void) {
    this.#db = db;
    this.#clock = clock;
    this.#committed = committed;
  }

  /** Survives a power cut once it has resolved. */
  write<T>(act: (made: Made) => T): Promise<T> {
    return this.#ask(false, act);
  }

  /**
   * Survives kill -9; a power cut may take the last of them. When it turns out to make an event it is as `write`.
   * `act` may be run twice, and only the last counts.
   */
  writeLazily<T>(act: (made: Made) => T): Promise<T> {
    return this.#ask(true, act);
  }

  /** Does what was asked for and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#running !== null) await this.#running;
  }

  #ask<T>(isLazy: boolean, act: (made: Made) => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(refusal.closed());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ isLazy, act, resolve: resolve as Job['resolve'], reject });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        await this.#flush(this.#queue.splice(0, MOST));
      }
    } finally {
      this.#running = null;
    }
  }

  async #flush(jobs: readonly Job[]): Promise<void> {
    const made: Made = [];
    let outcomes: readonly Outcome[];
    try {
      outcomes = await patiently(this.#clock, () => this.#transaction(jobs, made));
    } catch (thrown) {
      const error = storeError(thrown);
      for (const { reject } of jobs) reject(error);
      return;
    }
    // First those who follow, so that who awaits a write finds it in what they keep.
    if (made.length > 0) this.#committed(made);
    for (const [index, { resolve, reject }] of jobs.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined || 'error' in outcome) reject(outcome?.error);
      else resolve(outcome.value);
    }
  }

  #transaction(jobs: readonly Job[], made: Made): readonly Outcome[] {
    const isLazy = jobs.every((job) => job.isLazy);
    const outcomes = this.#attempt(jobs, made, isLazy);
    return outcomes ?? this.#attempt(jobs, made, false) ?? [];
  }

  /** @returns null when it was to be lazy and made events: it was taken back */
  #attempt(jobs: readonly Job[], made: Made, isLazy: boolean): readonly Outcome[] | null {
    made.length = 0;
    this.#flushLess(isLazy);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = jobs.map((job) => this.#savepoint(job, made));
      if (isLazy && made.length > 0) {
        this.#db.exec('ROLLBACK');
        return null;
      }
      this.#db.exec('COMMIT');
      return outcomes;
    } catch (thrown) {
      // Some failures have rolled back already.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw thrown;
    }
  }

  #savepoint({ act }: Job, made: Made): Outcome {
    const before = made.length;
    this.#db.exec('SAVEPOINT one');
    try {
      const value = act(made);
      this.#db.exec('RELEASE one');
      return { value };
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      made.length = before;
      this.#db.exec('ROLLBACK TO one; RELEASE one');
      return { error };
    }
  }

  /** Can't be changed within a transaction. */
  #flushLess(isLazy: boolean): void {
    if (isLazy === this.#isLazy) return;
    this.#db.exec(`PRAGMA synchronous = ${isLazy ? 'NORMAL' : 'FULL'}`);
    this.#isLazy = isLazy;
  }
}

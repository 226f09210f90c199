import { createHash } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { AppError } from '../../../core/appError.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import { refusal } from '../changes.ts';
import type { RedisAddress } from './address.ts';
import { mayPass, replyCode, unavailable } from './trouble.ts';

/** A Lua script that Redis keeps by its SHA-1. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export type Argument = string | number;

export const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

/** How long a command is tried in all. */
export const PATIENCE = 5_000;
/** How long Redis may say nothing at all while it owes an answer; then the connection counts as dead. */
const SILENCE = 2_000;
/** Between two tries of a command, so that trouble that is told at once does not keep the process busy. */
const PAUSE = 20;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

type Options = Omit<RedisOptions, 'replyMapping'>;

/** What all connections have in common. Nothing waits inside ioredis and nothing is sent again by it: we do both ourselves. */
export function connectionOptions(address: RedisAddress, clock: Clock): Options {
  return {
    ...address,
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: SILENCE,
    socketTimeout: SILENCE,
    maxLoadingRetryTime: 200,
    retryStrategy: (times) =>
      Math.min(FIRST_PAUSE * 2 ** Math.min(times - 1, 10), LONGEST_PAUSE) * (0.75 + clock.random() / 2),
  };
}

/** A connection to Redis that is made anew whenever it was lost. */
export class RedisConnection {
  readonly redis: Redis;
  readonly #key: string;
  readonly #clock: Clock;
  /** They wait for a connection. */
  readonly #waiting = new Set<() => void>();
  /** They wait for time to pass. */
  readonly #pausing = new Set<() => void>();
  #trouble: unknown = null;
  #isClosed = false;

  /** @param key of all scripts: the hash tag of the store's keys */
  constructor(options: Options, key: string, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
    this.redis = new Redis(options);
    this.redis.on('error', (error) => {
      this.#trouble = error;
    });
    this.redis.on('ready', () => {
      this.#trouble = null;
      for (const done of [...this.#waiting]) done();
    });
    // What fails here is told to `error`.
    this.redis.connect().catch(() => undefined);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Runs a script, again if the connection is lost before it has answered: so a script must do no harm when it runs twice. Throws
   * `AppError('unavailable')` after `PATIENCE`.
   */
  async run(script: Script, ...args: readonly Argument[]): Promise<unknown> {
    const started = this.#clock.now();
    const left = () => started + PATIENCE - this.#clock.now();
    try {
      return await this.#once(script, args);
    } catch (first) {
      let error = first;
      for (;;) {
        await this.#recover(error, left);
        try {
          return await this.#within(left(), this.#once(script, args));
        } catch (again) {
          error = again;
        }
      }
    }
  }

  /** Resolves when commands are taken, when it is closed, or after `patience`. */
  whenReady(patience: number): Promise<void> {
    if (this.redis.status === 'ready' || this.#isClosed) return Promise.resolve();
    return this.#wait(patience, this.#waiting);
  }

  close(): void {
    this.#isClosed = true;
    this.redis.disconnect();
    for (const done of [...this.#waiting, ...this.#pausing]) done();
  }

  /** Resolves after so long, or when somebody calls what is put into `waiting` meanwhile. */
  #wait(milliseconds: number, waiting: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        timer.stop();
        waiting.delete(done);
        resolve();
      };
      const timer = this.#clock.after(milliseconds, done);
      waiting.add(done);
    });
  }

  async #once({ lua, sha }: Script, args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.redis.evalsha(sha, 1, this.#key, ...args);
    } catch (error) {
      // Redis was started anew, or this script was never sent.
      if (replyCode(error) !== 'NOSCRIPT') throw error;
      return await this.redis.eval(lua, 1, this.#key, ...args);
    }
  }

  /** Waits until it is worth trying again. Throws when it is not. */
  async #recover(error: unknown, left: () => number): Promise<void> {
    const code = replyCode(error);
    if (this.#isClosed) throw refusal.closed();
    if (!mayPass(error)) throw unavailable(error);
    // A primary that became a replica: its name may lead to the new one by now.
    if (code === 'READONLY') this.redis.disconnect(true);
    if (left() > 0) await this.#wait(Math.min(PAUSE, left()), this.#pausing);
    if (left() > 0) await this.whenReady(left());
    if (this.#isClosed) throw refusal.closed();
    if (left() <= 0) throw unavailable(code === null ? (this.#trouble ?? error) : error);
  }

  /** For those who ask by themselves, and for ever: waits after an error until it is worth trying again. */
  async recover(error: unknown, refusedPause: number): Promise<void> {
    const isRefused = this.redis.status === 'ready' && (error instanceof AppError || replyCode(error) !== null);
    await this.#wait(isRefused ? refusedPause : PAUSE, this.#pausing);
    await this.whenReady(PATIENCE);
  }

  async #within<T>(milliseconds: number, asked: Promise<T>): Promise<T> {
    let timer: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = this.#clock.after(milliseconds, () => reject(new Error('No answer in time.')));
    });
    return Promise.race([asked, late]).finally(() => timer?.stop());
  }
}

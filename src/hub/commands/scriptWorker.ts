import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { MINUTE } from '../../core/time.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Compiled } from './compile.ts';
import type { Ended, FromWorker, LogLevel, RunInput, RunLimits, StorageChanges, ToWorker } from './protocol.ts';

/** How a run ended, seen from outside. `stopped`: the worker was ended, or ended itself. */
export type Outcome =
  | {
      readonly kind: 'ended';
      readonly ended: Ended;
      readonly changes: StorageChanges | null;
      readonly storageTrouble: string;
    }
  | {
      readonly kind: 'stopped';
      readonly why: 'time' | 'memory' | 'exit' | 'crash' | 'closing';
      readonly detail: string;
    };

export interface Job {
  readonly script: Compiled;
  readonly input: RunInput;
  readonly limits: RunLimits;
  readonly onLog: (level: LogLevel, text: string) => void;
}

export interface WorkerOptions {
  /** What a worker runs: `worker.ts`, built or not. */
  readonly entry: URL;
  /** Of the heap, in MiB. */
  readonly memory: number;
  /** Milliseconds that one run may take. */
  readonly time: number;
  readonly clock: Clock;
}

/** A new worker has to be there by then, also on a machine that is busy. */
const START_PATIENCE = MINUTE;
/** MiB. */
const STACK = 4;

interface Running {
  readonly job: Job;
  readonly settle: (outcome: Outcome) => void;
}

/** One thread for scripts: no environment, no arguments, no input, a heap of its own. It runs one job at a time. */
export class ScriptWorker {
  readonly #options: WorkerOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #ended: Promise<void>;
  #running: Running | null = null;
  #timer: Timer | null = null;
  #isReady = false;
  #hasEnded = false;
  #isLeaving = false;
  #runs = 0;
  #script: Compiled | null = null;
  #onMemory: ((bytes: number) => void) | null = null;
  /** The wish to end it, and why. */
  #stopped: (Outcome & { readonly kind: 'stopped' }) | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(options.entry, {
      argv: [],
      env: {},
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      workerData: { port: port2 },
      transferList: [port2],
      name: 'integration',
      resourceLimits: { maxOldGenerationSizeMb: options.memory, maxYoungGenerationSizeMb: 16, stackSizeMb: STACK },
    });
    port1.on('message', (message: FromWorker) => this.#onMessage(message));
    let crash: Outcome & { readonly kind: 'stopped' } = { kind: 'stopped', why: 'exit', detail: '' };
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      const why = error?.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
      crash = { kind: 'stopped', why, detail: why === 'crash' ? detailOf(error) : '' };
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#hasEnded = true;
        // Its last words may have come after the news of its end.
        for (let last = receiveMessageOnPort(port1); last !== undefined; last = receiveMessageOnPort(port1)) {
          this.#onMessage(last.message as FromWorker);
        }
        this.#settle(this.#stopped ?? crash);
        port1.close();
        resolve();
      });
    });
  }

  /** Whether it can take a job of that script: it has run no other, and nothing was left in it. */
  canRun(script: Compiled): boolean {
    return (
      !this.hasEnded &&
      !this.#isLeaving &&
      this.#running === null &&
      (this.#script === null || this.#script.hash === script.hash)
    );
  }
  get isLeaving(): boolean {
    return this.#isLeaving;
  }
  get hasEnded(): boolean {
    return this.#hasEnded || this.#stopped !== null;
  }
  get runs(): number {
    return this.#runs;
  }

  /** Never rejects. `limits` of time count from when the worker is there. */
  run(job: Job): Promise<Outcome> {
    this.#script = job.script;
    this.#runs += 1;
    return new Promise((settle) => {
      this.#running = { job, settle };
      this.#wait(this.#isReady ? this.#options.time : START_PATIENCE);
      if (this.#isReady) this.#start(job);
    });
  }

  /** Bytes that it holds outside of its heap; null when it does not say so in time, as one in a loop can't. */
  async memory(patience: number): Promise<number | null> {
    if (this.hasEnded || !this.#isReady) return 0;
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(patience, () => answer(null));
      const answer = (bytes: number | null) => {
        timer.stop();
        this.#onMemory = null;
        resolve(bytes);
      };
      this.#onMemory = answer;
      this.#send({ kind: 'memory' });
    });
  }

  /** Ends it, whatever it does. Its job is told at once. */
  stop(why: 'time' | 'memory' | 'closing'): Promise<void> {
    this.#stopped ??= { kind: 'stopped', why, detail: '' };
    this.#settle(this.#stopped);
    void this.#worker.terminate();
    return this.#ended;
  }

  /** Ends of itself what a run has left behind, or is ended after the time of a run. @returns when it has */
  async leave(): Promise<void> {
    this.#wait(this.#options.time);
    this.#send({ kind: 'leave' });
    await this.#ended;
    this.#timer?.stop();
  }

  #start({ script, input, limits }: Job): void {
    this.#send({ kind: 'run', number: this.#runs, file: script.file, code: script.code, input, limits });
  }

  #send(message: ToWorker): void {
    this.#port.postMessage(message);
  }

  #wait(time: number): void {
    this.#timer?.stop();
    this.#timer = this.#options.clock.after(time, () => void this.stop('time'));
  }

  #onMessage(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        if (this.#running === null) return;
        this.#wait(this.#options.time);
        this.#start(this.#running.job);
        return;
      case 'log':
        this.#running?.job.onLog(message.level, message.text);
        return;
      case 'memory':
        this.#onMemory?.(message.bytes);
        return;
      case 'done': {
        const { ended, changes, storageTrouble, isClean } = message;
        this.#isLeaving = !isClean;
        this.#settle({ kind: 'ended', ended, changes, storageTrouble });
      }
    }
  }

  #settle(outcome: Outcome): void {
    this.#timer?.stop();
    this.#timer = null;
    const running = this.#running;
    this.#running = null;
    this.#onMemory?.(0);
    running?.settle(outcome);
  }
}

const detailOf = (error: unknown): string =>
  (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 4_000);

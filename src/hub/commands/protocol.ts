import type { AllTokens } from './integrationTokens.ts';

/** What the hub says to a worker. */
export type ToWorker =
  | {
      readonly kind: 'run';
      /** Of one worker, counted up. */
      readonly number: number;
      readonly file: string;
      readonly code: string;
      readonly input: RunInput;
      readonly limits: RunLimits;
    }
  | { readonly kind: 'memory' }
  /** No more runs: it may end when nothing is left to do. */
  | { readonly kind: 'leave' };

/** What a script is run with, as data. */
export interface RunInput {
  readonly name: string;
  readonly notification: unknown;
  readonly query: string;
  readonly allTokens: AllTokens;
  readonly token: string | null;
  /** A JSON object. */
  readonly storage: string;
}

export interface RunLimits {
  /** Characters of the storage as JSON. */
  readonly storage: number;
  readonly message: number;
  readonly logLines: number;
  readonly logCharacters: number;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** By key: what was set, as JSON, and what was deleted. */
export interface StorageChanges {
  readonly set: readonly (readonly [key: string, json: string])[];
  readonly deleted: readonly string[];
}

/** What a script returned, cut to what is looked at. */
export interface Returned {
  readonly message: string;
  readonly message_format?: unknown;
  readonly color?: unknown;
  readonly notify?: unknown;
  /** JSON. */
  readonly card?: string;
}

/** How a script's function ended. `usage` is what the script exports of that name. */
export type Ended =
  | { readonly kind: 'returned'; readonly returned: Returned | null }
  /** It threw a `UsageError`: the words are for the room. */
  | { readonly kind: 'usage'; readonly words: string; readonly usage: string }
  | { readonly kind: 'failed'; readonly stack: string; readonly usage: string };

/** What a worker says to the hub. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string }
  /** Bytes outside of the heap. */
  | { readonly kind: 'memory'; readonly bytes: number }
  | {
      readonly kind: 'done';
      readonly ended: Ended;
      readonly changes: StorageChanges | null;
      /** Why the storage can't be kept; empty when it can. */
      readonly storageTrouble: string;
      /** Nothing of the run is left in the worker. */
      readonly isClean: boolean;
    };

import type { UpdateChannel } from '../core/updateState.ts';

/** Where to look, and for whom. */
export interface UpdateSource {
  /** The feed's address, https (or loopback). */
  readonly feed: string;
  readonly channel: UpdateChannel;
  /** In [0, 1), drawn once for this computer and told to nobody: a version for a part of all is taken when it is below that part. */
  readonly share: number;
}

export interface FoundUpdate {
  readonly version: string;
  /** As the feed has it; see `releaseNotes`. */
  readonly notes: unknown;
  /** The person has left the channel that the running version is from: it would be a step back. */
  readonly isOlder: boolean;
}

/**
 * How far this installation can replace itself.
 * - `quietly`: without a word
 * - `asking`: the system asks the person for a password
 * - `no`: it is for whoever installed it to do
 */
export type UpdateSupport = 'quietly' | 'asking' | 'no';

/** Finds, loads, verifies and installs new versions of this program. Each method throws `AppError`. */
export interface Updater {
  /** The version that runs. */
  readonly version: string;
  support(): UpdateSupport;
  /** What to install instead of what runs; null when there is nothing. */
  look(source: UpdateSource, signal: AbortSignal): Promise<FoundUpdate | null>;
  /** Loads what `look` found last and verifies it. @param onPercent 0 to 100 */
  download(onPercent: (percent: number) => void, signal: AbortSignal): Promise<void>;
  /** Puts what was loaded in place and has it start once this program has ended. All else of the program has stopped. */
  install(): Promise<void>;
}

/** What is remembered of updates over a restart. */
export interface UpdateRecord {
  /** What was begun to be installed last; null for nothing, or once that is known to have come. */
  readonly attempted: string | null;
  /** See `UpdateSource`; null before it was drawn. */
  readonly share: number | null;
}

/** Throws `AppError` when the disk can't be written. */
export interface UpdateMemory {
  read(): UpdateRecord;
  write(record: UpdateRecord): void;
}

import type { FanOut } from './fanOut.ts';

/** What the bench asks of a server's process or of that of its clients, one at a time. */
export type Ask =
  | { readonly what: 'people'; readonly count: number }
  /** Publishes that many changes one after the other, as fast as they are acknowledged. */
  | { readonly what: 'changes'; readonly count: number }
  | { readonly what: 'memory' }
  | { readonly what: 'cpu' }
  | { readonly what: 'open'; readonly url: string; readonly secret: string; readonly count: number }
  | { readonly what: 'expect'; readonly changes: number }
  /** When each change that is awaited was asked for. */
  | { readonly what: 'measured'; readonly startedAt: readonly number[] };

/** What such a process says. Times are on the clock of `sharedNow`. */
export type Answer =
  | { readonly what: 'listening'; readonly url: string; readonly secret: string }
  | { readonly what: 'done' }
  | ({ readonly what: 'fanOut' } & FanOut)
  /** When each change was asked for. */
  | { readonly what: 'changed'; readonly startedAt: readonly number[] }
  /** Bytes, after a collection. */
  | { readonly what: 'memory'; readonly rss: number; readonly heap: number }
  /** Milliseconds of processor time since the start. */
  | { readonly what: 'cpu'; readonly milliseconds: number };

/** Milliseconds on a clock that all processes of this machine share. */
export const sharedNow = (): number => performance.timeOrigin + performance.now();

import type { Instant } from '../core/time.ts';

/** Something that is due: `apply` brings the chats up to date, `retry` and `refresh` read calendars first, `edge` does both. */
export interface Due {
  readonly at: Instant;
  readonly what: 'apply' | 'retry' | 'refresh' | 'edge';
}

/** The first of them; null for none. */
export const earliest = (all: readonly Due[]): Due | null =>
  all.reduce<Due | null>((first, next) => (first === null || next.at < first.at ? next : first), null);

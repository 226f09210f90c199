// What the parts of the hub store's contract share.
import { expect } from 'vitest';
import { AppError, type ErrorCode } from '../../src/core/appError.ts';
import type { Presence } from '../../src/core/presence.ts';
import type { HubEvent, Identity, Person, PersonRecord } from '../../src/hub/model.ts';
import type { HubStore, Report } from '../../src/hub/store/port.ts';

/** One store with nothing in it. Made anew for each test. */
export interface HubStoreWorld {
  readonly store: HubStore;
  /** Closes the store and opens the same data again. */
  reopen(): Promise<HubStore>;
  /** A second handle on the same data, as another process has it. */
  second(): Promise<HubStore>;
  /** From now on the store can't be written (or not even reached); returns the way back. */
  lose(): Promise<() => Promise<void>>;
  /** Closes every handle and takes the data away. */
  close(): Promise<void>;
}

export type OpenHubStore = () => Promise<HubStoreWorld>;

/** The suite's present. A store may let things go by its own clock, so it is not in the past; times in a test are later. */
export const NOW = Date.now();
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const idOf = (number: number): string => `person${String(number).padStart(20, '0')}`;

export const personOf = (number: number, identities: readonly Identity[] = []): Person => ({
  id: idOf(number),
  email: `p${number}@example.com`,
  name: `Person ${number} Åé😀`,
  identities,
});

export const presenceOf = (text: string, rest: Partial<Presence> = {}): Presence => ({
  state: 'dnd',
  text,
  emoji: ':calendar:',
  until: null,
  ...rest,
});

/** A report that counts for ten minutes from `now`. */
export const reportOf = (text: string, now: number, rest: Partial<Report> = {}): Report => ({
  presence: presenceOf(text),
  source: 'app',
  reportedUntil: now + 10 * MINUTE,
  ...rest,
});

/** Only still there. */
export const stillThere = (now: number): Report => ({ source: 'app', reportedUntil: now + 10 * MINUTE });

export async function refused(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code });
}

export function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('There should be one.');
  return value;
}

export async function allRecords(store: HubStore, page = 1_000): Promise<readonly PersonRecord[]> {
  const all: PersonRecord[] = [];
  for (;;) {
    const some = await store.records(all.at(-1)?.person.id ?? '', page);
    all.push(...some);
    if (some.length < page) return all;
  }
}

export async function allEvents(store: HubStore, after = 0, page = 1_000): Promise<readonly HubEvent[]> {
  const all: HubEvent[] = [];
  for (;;) {
    const some = await store.events(all.at(-1)?.id ?? after, page);
    all.push(...some);
    if (some.length < page) return all;
  }
}

export interface Following {
  readonly seen: readonly HubEvent[];
  /** How often it was told that events are gone. */
  gone(): number;
  /** Resolves once it is so; looks whenever something was told. */
  until(isSo: () => boolean): Promise<void>;
  /** Resolves once the event was told. */
  reaches(id: number): Promise<void>;
  stop(): void;
}

export function following(store: HubStore, after = 0): Following {
  const seen: HubEvent[] = [];
  const waiting = new Set<() => void>();
  let gone = 0;
  const told = (): void => {
    for (const look of [...waiting]) look();
  };
  const stop = store.follow(
    after,
    (events) => {
      seen.push(...events);
      told();
    },
    () => {
      gone += 1;
      told();
    },
  );
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { seen, gone: () => gone, until, reaches: (id) => until(() => (seen.at(-1)?.id ?? 0) >= id), stop };
}

export const idsOf = (events: readonly HubEvent[]): readonly number[] => events.map(({ id }) => id);

export function expectRising(ids: readonly number[]): void {
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
}

/** All the people, as who has read nothing but these events knows them. What makes no event is left out. */
export function replayed(events: readonly HubEvent[]): readonly unknown[] {
  const records = new Map<string, PersonRecord>();
  for (const { kind, record } of events) {
    if (kind === 'removed') records.delete(record.person.id);
    else records.set(record.person.id, record);
  }
  return [...records.values()].sort((a, b) => (a.person.id < b.person.id ? -1 : 1)).map(withoutRenewals);
}

/** A record without what a report may change and no event tells: until when it counts, and the rest of the day. */
export function withoutRenewals({ person, said, reporting, event }: PersonRecord): unknown {
  return { person, said, reporting, event };
}

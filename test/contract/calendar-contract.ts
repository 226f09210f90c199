import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../src/core/appError.ts';
import type { CalendarEvent, ShowAs } from '../../src/core/calendarEvent.ts';
import type { Interval, TimeZone } from '../../src/core/time.ts';
import type { CalendarProvider } from '../../src/ports/calendarProvider.ts';

/** An event as the other side of a provider is told of it. */
export interface PlannedEvent {
  readonly uid: string;
  readonly subject: string;
  readonly location?: string;
  readonly start: Date;
  readonly end: Date;
  /** `start` and `end` are midnights in UTC that stand for dates. */
  readonly isAllDay?: boolean;
  readonly showAs?: Exclude<ShowAs, 'unknown'>;
  readonly isCancelled?: boolean;
  readonly isPrivate?: boolean;
  readonly categories?: readonly string[];
  /** Addresses of people besides the owner. */
  readonly others?: readonly string[];
}

export type CalendarFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'garbage' }
  /** The answer takes this long. */
  | { readonly kind: 'slow'; readonly milliseconds: number };

/** A provider with its other side. */
export interface CalendarWorld {
  readonly provider: CalendarProvider;
  /** What the calendar holds from now on. */
  hold(events: readonly PlannedEvent[]): void | Promise<void>;
  /** What happens to the next request. */
  fail(fault: CalendarFault): void;
  /** No fault, no events, no exchanges. */
  clear(): void | Promise<void>;
  /** What must not be in any error. */
  readonly secrets: () => readonly string[];
  /** What the published specifications say of the exchanges so far. */
  readonly findings: () => readonly string[];
  /** What the service itself has not: events without categories, cancelled ones that are simply gone. */
  readonly lacks?: readonly ('categories' | 'cancelled')[];
  close(): Promise<void>;
}

const BERLIN = 'Europe/Berlin';
const at = (text: string) => new Date(`2026-01-${text}Z`);
const window: Interval = { start: at('05T00:00').getTime(), end: at('06T00:00').getTime() };

const meeting = (more: Partial<PlannedEvent> = {}): PlannedEvent => ({
  uid: 'uid-1',
  subject: 'Secret plans',
  start: at('05T09:00'),
  end: at('05T10:00'),
  ...more,
});

/** Messages and stack of an error and all its causes. */
function everythingIn(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const own =
    error instanceof Error ? `${error.message}\n${error.stack ?? ''}\n${JSON.stringify(error)}` : String(error);
  return cause === undefined ? own : `${own}\n${everythingIn(cause)}`;
}

/** What every calendar provider does, real or fake. */
export function calendarContract(name: string, create: () => Promise<CalendarWorld>): void {
  describe(`the contract of calendars: ${name}`, () => {
    let world: CalendarWorld;
    const view = (zone: TimeZone = BERLIN, signal = new AbortController().signal, asked = window) =>
      world.provider.calendarView(asked, zone, signal);
    const only = async (planned: PlannedEvent): Promise<CalendarEvent> => {
      await world.hold([planned]);
      const events = await view();
      expect(events).toHaveLength(1);
      return events[0] as CalendarEvent;
    };
    const subjects = async (events: readonly PlannedEvent[], zone?: TimeZone) => {
      await world.hold(events);
      return (await view(zone)).map(({ subject }) => subject).sort();
    };

    beforeAll(async () => {
      world = await create();
    });
    beforeEach(() => world.clear());
    afterAll(() => world.close());

    it('has an account and a label a person knows it by', () => {
      expect(world.provider.accountId).not.toBe('');
      expect(world.provider.label).not.toBe('');
    });

    it('finds nothing in an empty calendar', async () => {
      await world.hold([]);
      expect(await view()).toEqual([]);
      expect(world.findings()).toEqual([]);
    });

    it('reads an event with all that decides', async () => {
      const event = await only(meeting({ categories: ['Focus', 'Red'], others: ['grace@contoso.example'] }));
      expect(event).toMatchObject({
        subject: 'Secret plans',
        time: { kind: 'timed', start: at('05T09:00').getTime(), end: at('05T10:00').getTime() },
        showAs: 'busy',
        isCancelled: false,
        sensitivity: 'normal',
        categories: world.lacks?.includes('categories') ? [] : ['Focus', 'Red'],
        otherAttendees: 1,
      });
      expect(event.id).not.toBe('');
      expect(event.iCalUId).not.toBe('');
      expect(world.findings()).toEqual([]);
    });

    it('reads where it is, and that it is nowhere', async () => {
      expect((await only(meeting({ location: 'Room 4, 2nd floor' }))).location).toBe('Room 4, 2nd floor');
      expect((await only(meeting())).location).toBe('');
      expect(world.findings()).toEqual([]);
    });

    it.each(['free', 'tentative', 'busy', 'oof', 'workingElsewhere'] as const)('reads showAs %s', async (showAs) => {
      expect((await only(meeting({ showAs }))).showAs).toBe(showAs);
    });

    it('24 28: reads that it is cancelled, and that it is private', async () => {
      await world.hold([meeting({ isCancelled: true })]);
      expect(await view()).toMatchObject(world.lacks?.includes('cancelled') ? [] : [{ isCancelled: true }]);
      expect(await only(meeting({ isPrivate: true }))).toMatchObject({ sensitivity: 'private' });
    });

    it('gives what overlaps the window, half-open', async () => {
      const found = await subjects([
        meeting({ uid: 'a', subject: 'ends at the start', start: at('04T23:00'), end: at('05T00:00') }),
        meeting({ uid: 'b', subject: 'overlaps the start', start: at('04T23:00'), end: at('05T00:01') }),
        meeting({ uid: 'c', subject: 'overlaps the end', start: at('05T23:59'), end: at('06T01:00') }),
        meeting({ uid: 'd', subject: 'starts at the end', start: at('06T00:00'), end: at('06T01:00') }),
        meeting({ uid: 'e', subject: 'covers it', start: at('01T00:00'), end: at('09T00:00') }),
      ]);
      expect(found).toEqual(['covers it', 'overlaps the end', 'overlaps the start']);
    });

    it('21 38: all-day events are dates, which lie where the person is', async () => {
      const day = meeting({ isAllDay: true, start: at('06T00:00'), end: at('07T00:00'), subject: 'the sixth' });
      const asked = { start: at('05T12:00').getTime(), end: at('05T13:00').getTime() };
      await world.hold([day]);
      expect(await view('Pacific/Auckland', undefined, asked)).toMatchObject([
        { time: { kind: 'allDay', startDate: '2026-01-06', endDate: '2026-01-07' } },
      ]);
      expect(await view('America/Los_Angeles', undefined, asked)).toEqual([]);
    });

    it('34: reads all of many events, each with an id of its own', async () => {
      const many = Array.from({ length: 250 }, (_, index) =>
        meeting({ uid: `uid-${index}`, start: at('05T09:00'), end: at('05T09:30') }),
      );
      await world.hold(many);
      const events = await view();
      expect(new Set(events.map(({ id }) => id)).size).toBe(250);
      expect(world.findings()).toEqual([]);
    });

    it('keeps ids from one read to the next', async () => {
      await world.hold([meeting()]);
      const [first, second] = [await view(), await view()];
      expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    });

    it('sees what has changed', async () => {
      await only(meeting());
      expect(await only(meeting({ end: at('05T11:00') }))).toMatchObject({ time: { end: at('05T11:00').getTime() } });
      await world.hold([]);
      expect(await view()).toEqual([]);
    });

    const faults: readonly [string, CalendarFault, ErrorCode, number | null][] = [
      ['403', { kind: 'status', status: 403 }, 'forbidden', null],
      ['404', { kind: 'status', status: 404 }, 'notFound', null],
      ['53: 429 with Retry-After', { kind: 'status', status: 429, retryAfter: 120 }, 'rateLimited', 120_000],
      ['52: 503 with Retry-After', { kind: 'status', status: 503, retryAfter: 7 }, 'unavailable', 7_000],
      ['500', { kind: 'status', status: 500 }, 'serverError', null],
      ['504', { kind: 'status', status: 504 }, 'timeout', null],
      ['a dropped connection', { kind: 'drop' }, 'network', null],
      ['an answer that is something else', { kind: 'garbage' }, 'badResponse', null],
    ];
    it.each(faults)('%s is its own error, and the next read works', async (_name, fault, code, retryAfter) => {
      await world.hold([meeting()]);
      world.fail(fault);
      const error = await view().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code, retryAfter });
      const told = everythingIn(error);
      for (const secret of ['Secret plans', ...world.secrets()]) expect(told).not.toContain(secret);
      expect(await view()).toHaveLength(1);
      expect(world.findings()).toEqual([]);
    });

    it('ends at once when it is given up', async () => {
      await world.hold([meeting()]);
      const given = AbortSignal.abort();
      await expect(view(BERLIN, given)).rejects.toMatchObject({ code: 'cancelled' });
      world.fail({ kind: 'slow', milliseconds: 10_000 });
      const controller = new AbortController();
      const running = view(BERLIN, controller.signal);
      setImmediate(() => controller.abort());
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    });
  });
}

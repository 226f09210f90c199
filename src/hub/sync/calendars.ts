import { type GraphEvent, graphEvent, graphPage, SELECT } from '../../adapters/calendar/microsoft365/schema.ts';
import { toCalendarEvent } from '../../adapters/calendar/microsoft365/transform.ts';
import { parseAnswer } from '../../adapters/http.ts';
import { AppError, asAppError, type ErrorCode } from '../../core/appError.ts';
import { type CalendarEvent, eventInterval } from '../../core/calendarEvent.ts';
import type { Rules } from '../../core/rules.ts';
import { DAY, type Instant, type Interval, overlaps, type TimeZone } from '../../core/time.ts';
import { ianaZone } from '../../core/windowsZones.ts';
import { mailboxZone, schedules } from './graphAnswers.ts';
import type { SyncPerson } from './model.ts';
import { type BatchRequest, type Tenant, TenantHeld } from './tenant.ts';

/** Whose calendar to read, and what is known of their zone. */
export interface Wanted {
  readonly person: SyncPerson;
  readonly zone: TimeZone | null;
  /** The mailbox is to be asked for its zone again. */
  readonly asksZone: boolean;
}

/** A calendar, as far as it decides anything. */
export interface Calendar {
  readonly events: readonly CalendarEvent[];
  /** The mailbox's own zone; null where it is not told. */
  readonly zone: TimeZone | null;
}

/** By the person's id: the calendar, or why it could not be read. Throws `TenantHeld`. */
export type ReadCalendars = (
  wanted: readonly Wanted[],
  window: Interval,
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, Calendar | AppError>>;

const PAGE_SIZE = 100;
/** Thousands of events within three days are no calendar but a loop. */
const MOST_PAGES = 20;
const SERVICE = 'Microsoft 365';

/** What no verdict needs is not asked for: subjects, places, and others' names unless meetings without others do not count. */
function selectOf({ soloEvents }: Rules): string {
  const unread = new Set(['subject', 'location', 'iCalUId', 'sensitivity']);
  if (soloEvents) for (const name of ['attendees', 'organizer', 'isOrganizer']) unread.add(name);
  return SELECT.filter((name) => !unread.has(name)).join(',');
}

/** All-day events may lie up to a zone's offset beside the dates they mean, so a wider window is read. */
const widened = ({ start, end }: Interval): Interval => ({ start: start - DAY, end: end + DAY });

const iso = (at: Instant): string => new Date(at).toISOString();

/** The events of the window, or the error of a time that can't be placed. */
function eventsOf(found: readonly GraphEvent[], window: Interval, zone: TimeZone): readonly CalendarEvent[] {
  return found
    .map((event) => toCalendarEvent(event, zone))
    .filter((event) => overlaps(eventInterval(event, zone), window));
}

function attempt(calendar: () => Calendar): Calendar | AppError {
  try {
    return calendar();
  } catch (error) {
    return asAppError(error);
  }
}

/** Reads by `calendarView`, up to twenty mailboxes in one `$batch`; a mailbox is in it once, for its own limit is four at a time. */
export function calendarViews(tenant: Tenant, rules: Rules, fallback: TimeZone): ReadCalendars {
  const select = selectOf(rules);

  async function zonesOf(wanted: readonly Wanted[], signal: AbortSignal): Promise<Map<string, TimeZone | null>> {
    const zones = new Map(wanted.map(({ person, zone }) => [person.id, zone]));
    const asked = wanted
      .filter(({ asksZone }) => asksZone)
      .map(({ person }) => ({ id: person.id, url: `${mailboxPath(person)}/mailboxSettings?$select=timeZone` }));
    for (const [id, answer] of await tenant.batch(asked, mailboxZone, signal)) {
      // Without the permission, or the mailbox, the zone is not known; whether it can be read the calendar itself will say.
      if (!(answer instanceof AppError)) zones.set(id, ianaZone(answer.timeZone ?? ''));
    }
    return zones;
  }

  return async (wanted, window, signal) => {
    const zones = await zonesOf(wanted, signal);
    const { start, end } = widened(window);
    const query = `startDateTime=${iso(start)}&endDateTime=${iso(end)}&$select=${select}&$top=${PAGE_SIZE}`;
    let asked: BatchRequest[] = wanted.map(({ person }) => {
      return { id: person.id, url: `${mailboxPath(person)}/calendarView?${query}` };
    });
    const found = new Map<string, GraphEvent[] | AppError>();
    for (let page = 0; asked.length > 0; page++) {
      const answers = await tenant.batch(asked, graphPage, signal);
      const next: BatchRequest[] = [];
      for (const { id } of asked) {
        const answer = answers.get(id) ?? unanswered();
        const before = found.get(id);
        if (answer instanceof AppError || before instanceof AppError) {
          found.set(id, answer instanceof AppError ? answer : unanswered());
          continue;
        }
        found.set(id, [...(before ?? []), ...answer.value]);
        const link = answer['@odata.nextLink'];
        if (!link) continue;
        if (page >= MOST_PAGES) found.set(id, unanswered());
        else next.push({ id, url: tenant.pathOf(link) });
      }
      asked = next;
    }
    return new Map(
      [...found].map(([id, events]): [string, Calendar | AppError] => {
        const zone = zones.get(id) ?? null;
        if (events instanceof AppError) return [id, events];
        return [id, attempt(() => ({ events: eventsOf(events, window, zone ?? fallback), zone }))];
      }),
    );
  };
}

const mailboxPath = ({ mailbox }: SyncPerson): string => `/users/${encodeURIComponent(mailbox)}`;

const unanswered = (): AppError =>
  new AppError('badResponse', `${SERVICE} gave an answer that HipStatus does not understand.`, { reason: 'batch' });

/** What `getSchedule` says of a mailbox that it can't tell about (Exchange's response codes). */
const SCHEDULE_ERRORS: Readonly<Record<string, ErrorCode>> = {
  ErrorMailRecipientNotFound: 'notFound',
  ErrorNonExistentMailbox: 'notFound',
  ErrorMailboxNotFound: 'notFound',
  ErrorNoFreeBusyAccess: 'forbidden',
  ErrorAccessDenied: 'forbidden',
  ErrorServerBusy: 'unavailable',
  ErrorTooManyRequests: 'rateLimited',
};

/** In whose name it is asked at most, one after another. */
const MOST_CALLERS = 3;

/** Reads by `getSchedule`: only when somebody is busy. It is asked in the name of one of the mailboxes; any will do. */
export function freeBusy(tenant: Tenant, fallback: TimeZone): ReadCalendars {
  async function ask(wanted: readonly Wanted[], json: unknown, signal: AbortSignal) {
    let last: AppError = unanswered();
    for (const { person } of wanted.slice(0, MOST_CALLERS)) {
      try {
        return await tenant.call(`${mailboxPath(person)}/calendar/getSchedule`, schedules, signal, { json });
      } catch (error) {
        if (error instanceof TenantHeld || asAppError(error).code === 'cancelled') throw error;
        last = asAppError(error);
      }
    }
    // One mailbox may be gone or busy; several at once are the tenant.
    if (wanted.length > 1) throw tenant.held(last);
    return last;
  }

  return async (wanted, window, signal) => {
    if (wanted.length === 0) return new Map();
    const { start, end } = widened(window);
    const answer = await ask(
      wanted,
      {
        schedules: wanted.map(({ person }) => person.address),
        startTime: { dateTime: iso(start).slice(0, -1), timeZone: 'UTC' },
        endTime: { dateTime: iso(end).slice(0, -1), timeZone: 'UTC' },
        availabilityViewInterval: 60,
      },
      signal,
    );
    if (answer instanceof AppError) return new Map(wanted.map(({ person }) => [person.id, answer]));
    const byAddress = new Map(answer.value.map((schedule) => [schedule.scheduleId.toLowerCase(), schedule]));
    return new Map(
      wanted.map(({ person, zone: before }): [string, Calendar | AppError] => {
        const schedule = byAddress.get(person.address.toLowerCase());
        if (schedule === undefined) return [person.id, unanswered()];
        if (schedule.error) {
          const code = SCHEDULE_ERRORS[schedule.error.responseCode ?? ''] ?? 'unavailable';
          return [person.id, new AppError(code, `${SERVICE} does not tell when this mailbox is busy.`)];
        }
        const zone = ianaZone(schedule.workingHours?.timeZone?.name ?? '') ?? before;
        return [
          person.id,
          attempt(() => {
            const items = (schedule.scheduleItems ?? []).map(({ start, end, status }, place) =>
              parseAnswer(SERVICE, graphEvent, { id: String(place), start, end, showAs: status }),
            );
            return { events: eventsOf(items, window, zone ?? fallback), zone };
          }),
        ];
      }),
    );
  };
}

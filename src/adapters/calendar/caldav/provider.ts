import { createHash } from 'node:crypto';
import { accountLabel, type CalendarAccount } from '../../../core/accounts.ts';
import { AppError } from '../../../core/appError.ts';
import type { CalendarEvent } from '../../../core/calendarEvent.ts';
import { HOUR, type Instant, type Interval, type TimeZone } from '../../../core/time.ts';
import type { CalendarProvider, ListedCalendar } from '../../../ports/calendarProvider.ts';
import { parseCalendar } from '../icalendar/parse.ts';
import { repaired } from '../icalendar/repair.ts';
import { calendarView } from '../icalendar/series.ts';
import { CaldavClient, type CaldavDeps } from './client.ts';
import { CaldavCollection } from './collection.ts';
import { type CaldavCalendar, type Discovered, discover } from './discovery.ts';

export type { CaldavDeps } from './client.ts';
export type { CaldavCalendar } from './discovery.ts';

/** `server` such as `https://caldav.icloud.com`, `https://cloud.example.com/remote.php/dav` or a bare host. */
export type CaldavAccount = Extract<CalendarAccount, { provider: 'caldav' }>;

/** Calendars come and go; they are looked for again after this time. */
const LOOK_AGAIN = 1 * HOUR;

interface Found extends Discovered {
  readonly at: Instant;
}

/** A CalDAV account (RFC 4791): all its calendars, or the chosen ones. */
export class CaldavCalendarProvider implements CalendarProvider {
  readonly accountId: string;
  readonly label: string;
  readonly #account: CaldavAccount;
  readonly #deps: CaldavDeps;
  #client: CaldavClient | null = null;
  #found: Found | null = null;
  #collections: readonly CaldavCollection[] = [];
  #skipped = 0;

  constructor(account: CaldavAccount, deps: CaldavDeps) {
    this.accountId = account.id;
    this.label = accountLabel(account);
    this.#account = account;
    this.#deps = deps;
  }

  /** Events of the last view that could not be read: unknown zones, broken rules. */
  get skipped(): number {
    return this.#skipped;
  }

  /** All calendars of the account that take events, for choosing. Throws `AppError`. */
  async calendars(signal: AbortSignal): Promise<readonly ListedCalendar[]> {
    const { calendars } = await discover(this.#reach(), signal);
    // Where none is chosen, all are read.
    return calendars.map(({ url, name }) => ({ id: url, name, isDefault: true }));
  }

  async calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    const collections = await this.#collectionsNow(signal);
    const events: CalendarEvent[] = [];
    let skipped = 0;
    const views = await Promise.all(
      collections.map((collection) =>
        collection.read(window, signal).catch((error: unknown) => {
          // It may have moved: the next read looks for it anew.
          if (error instanceof AppError && error.code === 'notFound') this.#found = null;
          throw error;
        }),
      ),
    );
    for (const [index, view] of views.entries()) {
      const place = shortHash(collections[index]?.url ?? '');
      for (const [href, calendar] of view) {
        if (calendar === null) {
          skipped += 1;
          continue;
        }
        const found = calendarView(calendar, window, zone);
        skipped += found.skipped;
        // Two calendars may hold the same meeting, and two objects events without a UID.
        const nameOf = (event: CalendarEvent) => (event.iCalUId === '' ? `${shortHash(href)}/${event.id}` : event.id);
        events.push(...found.events.map((event) => ({ ...event, id: `${place}/${nameOf(event)}` })));
      }
    }
    this.#skipped = skipped;
    return events;
  }

  #reach(): CaldavClient {
    this.#client ??= new CaldavClient(this.#account.username, this.#account.server, this.#deps);
    return this.#client;
  }

  async #collectionsNow(signal: AbortSignal): Promise<readonly CaldavCollection[]> {
    const now = this.#deps.now();
    if (this.#found !== null && now - this.#found.at < LOOK_AGAIN && now >= this.#found.at) return this.#collections;
    const client = this.#reach();
    const found = await discover(client, signal);
    const { default: ical } = await import('ical.js');
    const owner = found.owner || this.#account.username;
    const parse = (text: string) => {
      try {
        return parseCalendar(repaired(text), ical.parse, owner);
      } catch {
        return null;
      }
    };
    const urls = this.#chosen(found.calendars);
    this.#collections = urls.map(
      (url) => this.#collections.find((known) => known.url === url) ?? new CaldavCollection(url, client, parse),
    );
    this.#found = { ...found, at: now };
    return this.#collections;
  }

  #chosen(all: readonly CaldavCalendar[]): readonly string[] {
    const { calendars: chosen } = this.#account;
    if (chosen.length === 0) return all.map(({ url }) => url);
    return chosen.map((written) => {
      const found = all.find(({ url }) => isSameCalendar(url, written));
      if (found === undefined) {
        // Without it the day could look free that is not.
        const message = 'A calendar that you chose is no longer on the CalDAV server. Choose your calendars again.';
        throw new AppError('notFound', message, { reason: 'calendarGone' });
      }
      return found.url;
    });
  }
}

/** By path: the host may be another one of the same site, as iCloud's are. */
function isSameCalendar(url: string, written: string): boolean {
  const path = (address: string) => new URL(address, url).pathname.replace(/\/+$/, '');
  try {
    return path(url) === path(written);
  } catch {
    return false;
  }
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

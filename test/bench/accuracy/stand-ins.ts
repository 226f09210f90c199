// The services of one day, in process: a chat and the calendars, with the delays of real ones.
import { HIPCHAT_CAPABILITIES } from '../../../src/adapters/chat/hipchat/transform.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import type { ChatReading } from '../../../src/core/presence.ts';
import type { Interval } from '../../../src/core/time.ts';
import type { CalendarProvider } from '../../../src/ports/calendarProvider.ts';
import type { ChatProvider, PresenceWrite } from '../../../src/ports/chatProvider.ts';
import type { BenchClock } from './clock.ts';
import { type At, DAY, type Entry, type Shot, type Shown, type TrueCalendars, UNSET } from './day.ts';

/** One way to a service or back, in milliseconds: a change is seen by people when half of its call has passed. */
const CHAT_WAY = 75;
const CALENDAR_WAY = 200;

/** A chat like HipChat: state and text in one, nothing ends by itself. */
export class BenchChat implements ChatProvider {
  readonly accountId = 'chat';
  readonly label = 'Chat';
  readonly capabilities = HIPCHAT_CAPABILITIES;
  readonly shots: Shot[];
  readonly readsAt: At[] = [];
  readonly writesAt: At[] = [];
  readonly #clock: BenchClock;
  #shown: Shown = UNSET;

  constructor(clock: BenchClock) {
    this.#clock = clock;
    this.shots = [{ at: clock.now(), shown: UNSET }];
  }

  personSets(shown: Shown): void {
    this.#show(shown);
  }

  async read(): Promise<ChatReading> {
    this.readsAt.push(this.#clock.now());
    await this.#clock.wait(CHAT_WAY);
    const { state, text } = this.#shown;
    await this.#clock.wait(CHAT_WAY);
    return { presence: { state, text, emoji: '', until: null }, isAutomatic: false, profileTimeZone: 'UTC' };
  }

  async write({ presence }: PresenceWrite): Promise<void> {
    this.writesAt.push(this.#clock.now());
    await this.#clock.wait(CHAT_WAY);
    if (presence !== undefined) {
      const { state, text } = presence;
      this.#show({ state: state === 'dnd' || state === 'away' ? state : 'available', text });
    }
    await this.#clock.wait(CHAT_WAY);
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    this.shots.push({ at: this.#clock.now(), shown });
  }
}

/** One of the person's calendars, as its service tells it at the moment it is asked. */
export class BenchCalendar implements CalendarProvider {
  readonly accountId: string;
  readonly label = 'Calendar';
  /** When each answer was true. */
  readonly readsAt: At[] = [];
  readonly #number: number;
  readonly #calendars: TrueCalendars;
  readonly #clock: BenchClock;

  constructor(number: number, calendars: TrueCalendars, clock: BenchClock) {
    this.accountId = `calendar-${number}`;
    this.#number = number;
    this.#calendars = calendars;
    this.#clock = clock;
  }

  async calendarView(window: Interval): Promise<readonly CalendarEvent[]> {
    await this.#clock.wait(CALENDAR_WAY);
    this.readsAt.push(this.#clock.now());
    const events = this.#calendars.entries
      .filter(({ calendar, start, end }) => calendar === this.#number && start < window.end && window.start < end)
      .map(toEvent);
    await this.#clock.wait(CALENDAR_WAY);
    return events;
  }
}

const dateOf = (at: At): string => new Date(at).toISOString().slice(0, 10);

const toEvent = (entry: Entry): CalendarEvent => ({
  id: entry.id,
  iCalUId: entry.uid,
  subject: 'Plans',
  location: '',
  time: entry.isAllDay
    ? { kind: 'allDay', startDate: dateOf(entry.start), endDate: dateOf(entry.start + DAY) }
    : { kind: 'timed', start: entry.start, end: entry.end },
  showAs: entry.showAs,
  isCancelled: entry.isCancelled,
  responseStatus: entry.isDeclined ? 'declined' : 'accepted',
  sensitivity: 'normal',
  otherAttendees: entry.others,
  categories: [],
});

import { STATE_NAMES } from '../../core/headline.ts';
import { DAY, type Instant, type Interval } from '../../core/time.ts';
import { joined, type Segment } from './day.ts';
import type { PresenceOut } from './model.ts';

/** Dates and times as the browser's language writes them. */
export class Words {
  readonly #time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
  readonly #weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  readonly #date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
  readonly #long = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
  readonly #hour = new Intl.DateTimeFormat(undefined, { hour: 'numeric' });
  readonly #number = new Intl.NumberFormat();

  time(at: Instant): string {
    return this.#time.format(at);
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** The whole date, such as `Tuesday, 24 November`. */
  date(at: Instant): string {
    return this.#long.format(at);
  }

  /** As short as it can be without being mistaken: `15:00`, `Tue 09:00`, `3 Dec 2026`. */
  when(at: Instant, today: Interval): string {
    if (at >= today.start && at < today.end) return this.time(at);
    const isNear = at > today.start - 6 * DAY && at < today.end + 5 * DAY;
    return (isNear ? this.#weekday : this.#date).format(at);
  }

  /** An hour for a scale: `15`, or `3 PM` where a day has two halves. */
  hour(at: Instant): string {
    const parts = this.#hour.formatToParts(at);
    const half = parts.find(({ type }) => type === 'dayPeriod')?.value;
    const hour = parts.find(({ type }) => type === 'hour')?.value ?? '';
    return half === undefined ? hour : `${hour} ${half}`;
  }

  /** `until 15:00`, `since 09:10`; empty where nothing is known. */
  span({ until, changedAt, source, reporting }: PresenceOut, today: Interval): string {
    if (until !== null) return `until ${this.when(Date.parse(until), today)}`;
    if (source === 'none') return 'not heard of yet';
    return reporting ? `since ${this.when(Date.parse(changedAt), today)}` : '';
  }

  /** `Busy 10:00–11:00`, and whether it is still to come. */
  segment({ start, end, state, kind }: Segment): string {
    return `${STATE_NAMES[state]} ${this.time(start)}–${this.time(end)}${kind === 'will' ? ' (planned)' : ''}`;
  }

  /** A day's bar for those who do not see it. */
  day(segments: readonly Segment[]): string {
    const parts = joined(segments).map((one) => this.segment(one));
    return parts.length === 0 ? 'Nothing known of today' : `Today: ${parts.join(', ')}`;
  }
}

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { DayEvent, DayPicture } from '../../../core/day.ts';
import { gaps } from '../../../core/gaps.ts';
import type { Instant, Interval } from '../../../core/time.ts';
import { dayRange, shownTicks } from './dayRange.ts';
import { spanWords, subjectOf, timesOf, whyWords } from './dayWords.ts';
import { useWords } from './speech.tsx';

interface TimelineProps {
  readonly day: DayPicture;
  /** How many hours have room for their name; default: what a popover has room for. */
  readonly mostTicks?: number;
}

/** One thing that is drawn, and can be looked at: an event, or a piece of the band. */
interface Piece {
  readonly id: string;
  readonly interval: Interval;
  readonly title: string;
  readonly times: string;
  readonly why: string;
  readonly look: string;
}

/** Rows of the smallest height, so that a full day still fits. */
const MOST_LANES = 6;

/**
 * The day as a picture: events as blocks, filled in the colour of what they count as and hollow where they do not, beneath them
 * the presence that comes of it, the hours, and now. Each piece says why, to the mouse and to the keyboard: one stop of the Tab
 * key, and the arrow keys from piece to piece.
 */
export function Timeline({ day, mostTicks = 8 }: TimelineProps): JSX.Element {
  const words = useWords();
  const [shown, setShown] = useState<string | null>(null);
  const [stop, setStop] = useState<string | null>(null);
  const figure = useRef<HTMLElement>(null);
  const range = dayRange(day);
  const place = ({ start, end }: Interval) => placeIn(range, start, end);

  const eventPiece = (event: DayEvent, index: number): Piece => ({
    id: `event-${index}`,
    interval: event,
    title: subjectOf(event, words),
    times: timesOf(event, day, words),
    why: whyWords(event, words),
    look: event.why.kind === 'counts' ? event.why.effect : 'idle',
  });
  const events = day.events.map((event, index) => ({ event, piece: eventPiece(event, index) }));
  const allDay = events.filter(({ event }) => event.isAllDay);
  const timed = events.filter(({ event }) => !event.isAllDay && event.start < range.end && event.end >= range.start);
  const band: readonly Piece[] = [
    ...day.spans.map((span) => ({
      interval: span,
      title: words.t(`state.${span.effect}`),
      times: timesOf(span, day, words),
      why: spanWords(span, words),
      look: span.effect,
    })),
    ...gaps(day).map((gap) => ({
      interval: gap,
      title: words.t('day.own'),
      times: timesOf(gap, day, words),
      why: words.t('day.gap'),
      look: 'own',
    })),
  ]
    .filter(({ interval }) => interval.start < range.end && interval.end > range.start)
    .sort((a, b) => a.interval.start - b.interval.start)
    .map((piece, index) => ({ ...piece, id: `band-${index}` }));

  const pieces = [...events.map(({ piece }) => piece), ...band];
  const explained = pieces.find(({ id }) => id === shown) ?? null;
  const tabStop = pieces.some(({ id }) => id === stop) ? stop : (band.find(isOn(day.now)) ?? pieces[0])?.id;

  const onKeyDown = (event: KeyboardEvent): void => {
    const order = [...allDay.map(({ piece }) => piece), ...timed.map(({ piece }) => piece), ...band];
    const next =
      order[
        placeAfter(
          event.key,
          order.findIndex(({ id }) => id === tabStop),
          order.length,
        )
      ];
    if (next === undefined) return;
    event.preventDefault();
    setStop(next.id);
    figure.current?.querySelector<HTMLElement>(`[data-piece="${next.id}"]`)?.focus();
  };
  const pieceProps = ({ id, title, times, why, look }: Piece) => ({
    type: 'button' as const,
    class: `piece ${look}`,
    'data-piece': id,
    'aria-label': `${title}, ${times}. ${why}`,
    tabIndex: id === tabStop ? 0 : -1,
    onMouseEnter: () => setShown(id),
    onMouseLeave: () => setShown(null),
    onFocus: () => {
      setShown(id);
      setStop(id);
    },
    onBlur: () => setShown(null),
  });
  const lanes = Math.min(Math.max(1, ...timed.map(({ event }) => event.lanes)), MOST_LANES);
  const isToday = day.start <= day.now && day.now < day.end;

  return (
    <figure
      ref={figure}
      class="timeline"
      aria-label={words.t('day.label', { date: words.date(day.start) })}
      onKeyDown={onKeyDown}
    >
      {allDay.length > 0 && (
        <div class="all-day">
          {allDay.map(({ piece }) => (
            <button key={piece.id} {...pieceProps(piece)}>
              {piece.title}
            </button>
          ))}
        </div>
      )}
      <div class="plot">
        {(day.working ?? []).map((work) => (
          <div key={work.start} class="working" style={place(work)} />
        ))}
        {shownTicks(day, range, mostTicks).map((tick) => (
          <div key={tick} class="tick" style={placeIn(range, tick, tick)} />
        ))}
        <div class="lanes" style={{ blockSize: `${lanes * 1.5}rem` }}>
          {timed.map(({ event, piece }) => (
            <button
              key={piece.id}
              {...pieceProps(piece)}
              style={{
                ...place(event),
                insetBlockStart: `${(event.lane / event.lanes) * 100}%`,
                blockSize: `${100 / event.lanes}%`,
              }}
            >
              <span>{piece.title}</span>
            </button>
          ))}
        </div>
        <div class={day.pausedUntil === null ? 'band' : 'band paused'}>
          {band.map((piece) => (
            <button key={piece.id} {...pieceProps(piece)} style={place(piece.interval)}>
              <span>{piece.title}</span>
            </button>
          ))}
        </div>
        {isToday && <div class="now" style={placeIn(range, day.now, day.now)} />}
      </div>
      <div class="hours" aria-hidden="true">
        {shownTicks(day, range, mostTicks)
          .filter((tick) => tick < range.end)
          .map((tick) => (
            <span key={tick} style={placeIn(range, tick, tick)}>
              {words.hour(tick)}
            </span>
          ))}
      </div>
      <figcaption aria-hidden="true">
        {explained === null ? (
          <span class="soft">{emptyWords(day, words.t)}</span>
        ) : (
          <>
            <strong>{explained.title}</strong> <span class="soft">{explained.times}</span>
            <br />
            {explained.why}
          </>
        )}
      </figcaption>
    </figure>
  );
}

const isOn =
  (now: Instant) =>
  ({ interval: { start, end } }: Piece): boolean =>
    start <= now && now < end;

/** In per cent, so that it follows the window and the zoom; logical, so that it follows the direction of writing. */
function placeIn(range: Interval, start: Instant, end: Instant) {
  const share = (at: Instant) =>
    ((Math.min(Math.max(at, range.start), range.end) - range.start) / (range.end - range.start)) * 100;
  return { insetInlineStart: `${share(start)}%`, inlineSize: `${share(end) - share(start)}%` };
}

/** Which piece a key leads to; -1 for none. */
function placeAfter(key: string, at: number, count: number): number {
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  if (key === forward || key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === back || key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : -1;
}

const emptyWords = ({ pausedUntil, events }: DayPicture, t: ReturnType<typeof useWords>['t']): string =>
  pausedUntil !== null ? t('day.paused') : events.length === 0 ? t('day.empty') : t('day.look');

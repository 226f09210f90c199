import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { dayAround, joined, type Segment, segmentsOf, shareOf } from './day.ts';
import type { DayLoader } from './dayLoader.ts';
import { StateIcon } from './icons.tsx';
import { type DayItem, nameOf, type PresenceOut } from './model.ts';
import type { Nearness } from './nearness.ts';
import { browserTimers } from './timers.ts';
import { useNow } from './useNow.ts';
import type { Words } from './words.ts';

interface DayBarProps {
  readonly presence: PresenceOut;
  readonly days: DayLoader;
  readonly nearness: Nearness;
  readonly words: Words;
}

/** A person's day from midnight to midnight; read once it is in sight. */
export function DayBar({ presence, days, nearness, words }: DayBarProps): JSX.Element {
  const cell = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const { id } = presence.person;
  useEffect(() => (cell.current === null ? undefined : nearness.watch(cell.current, setNear)), [nearness]);
  return (
    <div class="day" ref={cell}>
      {isNear && <Bar key={id} presence={presence} days={days} words={words} />}
    </div>
  );
}

function Bar({ presence, days, words }: Omit<DayBarProps, 'nearness'>): JSX.Element | null {
  const [items, setItems] = useState<readonly DayItem[] | null>(null);
  const [isOpen, setOpen] = useState(false);
  useNow();
  // To the moment: a change that has just come is not before it.
  const now = browserTimers.now();
  const { id } = presence.person;
  useEffect(() => days.want(id, setItems), [days, id]);
  if (items === null) return <div class="bar waiting" />;
  const day = dayAround(now);
  const segments = segmentsOf(items, presence, day, now);
  const style = ({ start, end }: Segment) => ({
    '--from': String(shareOf(start, day)),
    '--to': String(shareOf(end, day)),
  });
  const toggle = (): void => setOpen(!isOpen);
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button beside it does the same by keyboard */}
      <div class="bar" role="img" aria-label={words.day(segments)} onClick={toggle}>
        {segments.map((segment) => (
          <span
            key={`${segment.start} ${segment.kind}`}
            class={`piece ${segment.state} ${segment.kind}`}
            style={style(segment)}
            title={words.segment(segment)}
          />
        ))}
        <span class="now-line" style={{ '--from': String(shareOf(now, day)) }} />
      </div>
      <button
        type="button"
        class="unfold"
        aria-expanded={isOpen}
        aria-label={`The day of ${nameOf(presence.person)} in words`}
        onClick={toggle}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
        </svg>
      </button>
      {isOpen && <DayInWords segments={segments} words={words} />}
    </>
  );
}

/** The bar for those who want to know it exactly. */
const DayInWords = ({ segments, words }: { readonly segments: readonly Segment[]; readonly words: Words }) => (
  <ol class="spans">
    {joined(segments).map((segment) => (
      <li key={segment.start}>
        <StateIcon state={segment.state} />
        {words.segment(segment)}
      </li>
    ))}
    {segments.length === 0 && <li>{words.day(segments)}</li>}
  </ol>
);

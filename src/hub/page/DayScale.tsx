import type { JSX } from 'preact';
import { STATE_NAMES } from '../../core/headline.ts';
import { dayAround, hoursOf, shareOf } from './day.ts';
import { STATE_ORDER } from './team.ts';
import { useNow } from './useNow.ts';
import type { Words } from './words.ts';

const STEP = 3;
/** An hour's name this near to now, as a share of the day, would lie beneath it. */
const CROWDED = 0.07;

/** The hours above the bars, and where now is. */
export function DayScale({ words }: { readonly words: Words }): JSX.Element {
  const now = useNow();
  const day = dayAround(now);
  const at = (instant: number) => ({ '--from': String(shareOf(instant, day)) });
  const classOf = (hour: number, index: number): string => {
    const isCrowded = Math.abs(shareOf(hour, day) - shareOf(now, day)) < CROWDED;
    return `hour${index % 2 === 0 ? '' : ' minor'}${isCrowded ? ' crowded' : ''}`;
  };
  return (
    <div class="scale" aria-hidden="true">
      <div class="hours">
        {hoursOf(day, STEP).map((hour, index) => (
          <span key={hour} class={classOf(hour, index)} style={at(hour)}>
            {words.hour(hour)}
          </span>
        ))}
        <span class="now-mark" style={at(now)}>
          {words.time(now)}
        </span>
      </div>
    </div>
  );
}

/** What the bars mean; a screen reader has each bar in words. */
export const Legend = (): JSX.Element => (
  <p class="legend" aria-hidden="true">
    {STATE_ORDER.map((state) => (
      <span key={state} class="key">
        <span class="sample">
          <span class={`piece ${state} was`} />
        </span>
        {STATE_NAMES[state]}
      </span>
    ))}
    <span class="key">
      <span class="sample">
        <span class="piece busy will" />
      </span>
      Planned
    </span>
  </p>
);

import type { JSX } from 'preact';
import type { Interval } from '../../core/time.ts';
import type { LineState } from './live.ts';
import type { Words } from './words.ts';

interface ConnectionProps {
  readonly line: LineState;
  readonly isLoaded: boolean;
  readonly today: Interval;
  readonly words: Words;
}

/** Whether what is shown is true now. */
export function Connection({ line, isLoaded, today, words }: ConnectionProps): JSX.Element {
  const kind = line.kind === 'live' && !isLoaded ? 'connecting' : line.kind;
  return (
    <p class={`connection ${kind}`} role="status">
      <span class="dot" aria-hidden="true" />
      {line.kind === 'lost' ? (
        <span>
          <strong>Not connected.</strong> {isLoaded ? `What you see is from ${words.when(line.since, today)}. ` : ''}
          Trying again…
        </span>
      ) : (
        <span>{kind === 'live' ? 'Live' : 'Connecting…'}</span>
      )}
    </p>
  );
}

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { STATE_NAMES } from '../../core/headline.ts';
import type { PresenceState } from '../../core/presence.ts';
import { StateIcon } from './icons.tsx';
import { STATE_ORDER } from './team.ts';
import type { Words } from './words.ts';

interface FiltersProps {
  readonly query: string;
  /** Null: all. */
  readonly state: PresenceState | null;
  readonly counts: Readonly<Record<PresenceState, number>>;
  readonly total: number;
  readonly shown: number;
  readonly words: Words;
  readonly onQuery: (query: string) => void;
  readonly onState: (state: PresenceState | null) => void;
}

const ANNOUNCE_AFTER = 600;

/** Whom to show; how many there are of each state. */
export function Filters({ query, state, counts, total, shown, words, onQuery, onState }: FiltersProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement && event.target.type !== 'radio') return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const choice = (value: PresenceState | null, label: string, count: number) => (
    <label class={value === state ? 'chip chosen' : 'chip'}>
      <input type="radio" name="state" checked={value === state} onChange={() => onState(value)} />
      {value !== null && <StateIcon state={value} />}
      <span>{label}</span> <span class="count">{words.number(count)}</span>
    </label>
  );

  return (
    <search class="filters">
      <input
        ref={input}
        type="search"
        class="query"
        aria-label="Search by name or email"
        aria-keyshortcuts="/"
        placeholder="Search by name or email"
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={({ currentTarget }) => onQuery(currentTarget.value)}
      />
      <fieldset class="chips">
        <legend class="unseen">Show who is</legend>
        {choice(null, 'All', total)}
        {STATE_ORDER.map((one) => choice(one, STATE_NAMES[one], counts[one]))}
      </fieldset>
      <Found query={query} state={state} shown={shown} words={words} />
    </search>
  );
}

type FoundProps = Pick<FiltersProps, 'query' | 'state' | 'shown' | 'words'>;

/** Says how many were found after the person chose; changes that come by themselves stay silent. */
function Found({ query, state, shown, words }: FoundProps): JSX.Element {
  const [said, setSaid] = useState('');
  const count = useRef(shown);
  count.current = shown;
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(
      () => setSaid(count.current === 1 ? '1 person' : `${words.number(count.current)} people`),
      ANNOUNCE_AFTER,
    );
    return () => clearTimeout(timer);
  }, [query, state, words]);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}

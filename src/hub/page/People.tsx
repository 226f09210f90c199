import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Instant } from '../../core/time.ts';
import { DayScale, Legend } from './DayScale.tsx';
import type { DayLoader } from './dayLoader.ts';
import type { PresenceOut } from './model.ts';
import { Nearness } from './nearness.ts';
import { PersonRow } from './PersonRow.tsx';
import { useGrowing } from './useGrowing.ts';
import type { Words } from './words.ts';

interface PeopleProps {
  readonly people: readonly PresenceOut[];
  /** How many there are, found or not. */
  readonly everybody: number;
  readonly isLoaded: boolean;
  /** The id of who is signed in. */
  readonly mine: string | null;
  readonly dayStart: Instant;
  readonly days: DayLoader;
  readonly words: Words;
  readonly onShowAll: () => void;
}

/** The list, and the scale above it. */
export function People(props: PeopleProps): JSX.Element {
  const { people, everybody, isLoaded, mine, dayStart, days, words, onShowAll } = props;
  const nearness = useMemo(() => new Nearness(), []);
  // Oneself first: it is what people look for.
  const ordered = useMemo(() => {
    const me = people.find(({ person }) => person.id === mine);
    return me === undefined ? people : [me, ...people.filter((one) => one !== me)];
  }, [people, mine]);

  const drawn = useGrowing(ordered.length);

  if (!isLoaded) return <p class="empty">Reading everybody…</p>;
  if (everybody === 0) {
    return (
      <div class="empty">
        <p>Nobody is here yet.</p>
        <p class="hint">
          People appear once they have a token, or once an administrator adds them:
          <code class="line">hipstatus hub token create --email you@example.com</code>
        </p>
      </div>
    );
  }
  if (people.length === 0) {
    return (
      <div class="empty">
        <p>Nobody like this.</p>
        <button type="button" onClick={onShowAll}>
          Show everybody
        </button>
      </div>
    );
  }
  return (
    <>
      <DayScale words={words} />
      <ul class="people" aria-label="People">
        {ordered.slice(0, drawn).map((presence) => (
          <PersonRow
            key={presence.person.id}
            presence={presence}
            isMe={presence.person.id === mine}
            dayStart={dayStart}
            days={days}
            nearness={nearness}
            words={words}
          />
        ))}
      </ul>
      <Legend />
    </>
  );
}

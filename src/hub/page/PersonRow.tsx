import { Component, type JSX } from 'preact';
import { unicodeEmoji } from '../../core/emoji.ts';
import { STATE_NAMES } from '../../core/headline.ts';
import type { Instant } from '../../core/time.ts';
import { DayBar } from './DayBar.tsx';
import { dayAround } from './day.ts';
import type { DayLoader } from './dayLoader.ts';
import { StateIcon } from './icons.tsx';
import { nameOf, type PersonOut, type PresenceOut } from './model.ts';
import type { Nearness } from './nearness.ts';
import type { Words } from './words.ts';

interface PersonRowProps {
  readonly presence: PresenceOut;
  readonly isMe: boolean;
  /** Midnight: times of other days are written with their day. */
  readonly dayStart: Instant;
  readonly days: DayLoader;
  readonly nearness: Nearness;
  readonly words: Words;
}

/** The first letters of the first and the last word. */
function initialsOf(person: PersonOut): string {
  const words = nameOf(person)
    .split(/[\s@.]+/u)
    .filter((word) => /^\p{L}/u.test(word));
  const chosen = person.name.trim() === '' || words.length < 2 ? words.slice(0, 1) : [words[0], words.at(-1)];
  return chosen.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}

/** An address may be broken behind its @, and is not torn elsewhere while it fits. */
const Breakable = ({ text }: { readonly text: string }): JSX.Element => {
  const at = text.indexOf('@') + 1;
  return (
    <>
      {text.slice(0, at)}
      {at > 0 && <wbr />}
      {text.slice(at)}
    </>
  );
};

/** One person. Drawn again only when something of it changed: there may be thousands. */
export class PersonRow extends Component<PersonRowProps> {
  override shouldComponentUpdate(next: PersonRowProps): boolean {
    const { presence, isMe, dayStart } = this.props;
    return next.presence !== presence || next.isMe !== isMe || next.dayStart !== dayStart;
  }

  override render({ presence, isMe, dayStart, days, nearness, words }: PersonRowProps): JSX.Element {
    const { person, state, text, emoji } = presence;
    const picture = emoji === '' ? null : unicodeEmoji(emoji);
    const span = words.span(presence, dayAround(dayStart));
    return (
      <li class="person">
        <span class="face" aria-hidden="true">
          {initialsOf(person)}
        </span>
        <div class="names">
          <span class="name" dir="auto">
            <Breakable text={nameOf(person)} />
          </span>
          {isMe && ' '}
          {isMe && <span class="you">You</span>}
          {person.name.trim() !== '' && (
            <span class="email">
              <Breakable text={person.email} />
            </span>
          )}
        </div>
        <div class="now">
          <p class={`state ${state}`}>
            <StateIcon state={state} />
            <span>
              <span class="word">{STATE_NAMES[state]}</span> <span class="span">{span}</span>
            </span>
          </p>
          {(text !== '' || emoji !== '') && (
            <p class="text">
              {emoji !== '' && <span class="emoji">{picture ?? emoji}</span>} <span dir="auto">{text}</span>
            </p>
          )}
        </div>
        <DayBar presence={presence} days={days} nearness={nearness} words={words} />
      </li>
    );
  }
}

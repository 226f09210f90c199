import type { ComponentChildren, JSX } from 'preact';
import type { Difference } from '../../../core/why.ts';
import { whySentence } from '../../../core/whyWords.ts';
import type { ActivityView, EventOnView, WhyChatView } from '../../ipc/activityView.ts';
import { useWords, type Words } from '../ui/speech.tsx';

interface WhyProps {
  readonly view: ActivityView;
}

/** The present state in a sentence, the chain behind it, and each chat. */
export function Why({ view }: WhyProps): JSX.Element {
  const words = useWords();
  const { t, timeFrom } = words;
  const { why, now, on, next, unread, chats } = view;
  return (
    <div class="why stack">
      <div role="status">
        <h1>{whySentence(why, words.speech, (at) => timeFrom(at, now))}</h1>
      </div>
      {unread.length > 0 && (
        <section class="notice">
          <h2>{t('why.unread')}</h2>
          {unread.map(({ label, error }) => (
            <p key={label}>
              {label}: {t(`activity.error.${error}`)}
            </p>
          ))}
        </section>
      )}
      <section>
        <h2>{t('why.on')}</h2>
        {on.length === 0 ? <p class="soft">{t('why.on.none')}</p> : <EventsOn events={on} now={now} />}
      </section>
      <section>
        <h2>{t('why.next')}</h2>
        <p class={next === null ? 'soft' : ''}>
          {next === null
            ? t('why.next.none')
            : t('why.next.at', { state: t(`state.${next.state}`), time: timeFrom(next.at, now) })}
        </p>
      </section>
      <section>
        <h2>{t('why.chats')}</h2>
        {chats.length === 0 && <p class="soft">{t('why.chats.none')}</p>}
        <div class="chats">
          {chats.map((chat) => (
            <Chat key={chat.id} chat={chat} now={now} />
          ))}
        </div>
      </section>
    </div>
  );
}

function EventsOn({ events, now }: { readonly events: readonly EventOnView[]; readonly now: number }): JSX.Element {
  const words = useWords();
  const { t, timeFrom } = words;
  return (
    <ul class="events card">
      {events.map((event) => (
        <li
          key={`${event.start} ${event.end} ${event.subject}`}
          class={event.verdict.counts ? event.verdict.effect : ''}
        >
          <span class="when">
            {event.isAllDay
              ? t('day.allDay')
              : t('day.times', { start: timeFrom(event.start, now), end: timeFrom(event.end, now) })}
          </span>
          <strong>{event.subject.trim() || t('day.noSubject')}</strong>
          <span class="soft">{verdictWords(event.verdict, words)}</span>
        </li>
      ))}
    </ul>
  );
}

function verdictWords(verdict: EventOnView['verdict'], { t }: Words): string {
  if (!verdict.counts) return t('day.doesNotCount', { because: t(`day.because.${verdict.because}`) });
  return t(verdict.isOutOfOffice ? 'day.countsOof' : 'day.counts', { state: t(`state.${verdict.effect}`) });
}

function Chat({ chat, now }: { readonly chat: WhyChatView; readonly now: number }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { id, label, differences, leftOut, error } = chat;
  return (
    <article class="card" data-account={id} aria-labelledby={`chat-${id}`}>
      <h3 id={`chat-${id}`}>{label}</h3>
      {error !== null && <p class="error small">{t(`activity.error.${error}`)}</p>}
      <dl>
        <Fact name={t('why.wanted')}>{wantedWords(chat, words)}</Fact>
        {differences.length > 0 && (
          <Fact name={t('why.differs')}>{words.list(differences.map((one) => differenceWords(one, words)))}</Fact>
        )}
        {leftOut.length > 0 && (
          <Fact name={t('why.leftOut')}>
            {leftOut.map(({ mark, silence }) => (
              <span key={mark} class="line">
                {t(`why.leftOut.${silence}`, { mark: `{${mark}}` })}
              </span>
            ))}
          </Fact>
        )}
        <Fact name={t('why.remembered')}>{rememberedWords(chat, now, words)}</Fact>
      </dl>
    </article>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function wantedWords({ wanted }: WhyChatView, { t }: Words): string {
  if (wanted === null || (wanted.state === null && wanted.text === '')) return t('why.wanted.nothing');
  const { state, text } = wanted;
  if (state === null) return t('why.wanted.text', { text });
  const marks = { state: t(`state.${state}`), text };
  return t(text === '' ? 'why.wanted.state' : 'why.wanted.both', marks);
}

function differenceWords(difference: Difference, { t }: Words): string {
  if (difference.kind !== 'as') return t(`why.differs.${difference.kind}`);
  const from = t(`state.${difference.from}`);
  return difference.to === 'ignore'
    ? t('why.differs.ignore', { from })
    : t('why.differs.as', { from, to: t(`state.${difference.to}`) });
}

function rememberedWords({ remembered }: WhyChatView, now: number, { t, timeFrom }: Words): string {
  if (remembered.kind !== 'ours') return t(`why.remembered.${remembered.kind}`);
  const { state, before } = remembered;
  const marks = { time: timeFrom(remembered.until, now), state: t(`state.${state}`), before: t(`state.${before}`) };
  // Where only the text is ours, the state tells nothing.
  return t(state === before ? 'why.remembered.oursText' : 'why.remembered.ours', marks);
}

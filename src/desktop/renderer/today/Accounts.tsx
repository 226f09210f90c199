import type { JSX } from 'preact';
import type { CalendarState, ChatState } from '../../../core/syncState.ts';
import type { TodayView } from '../../ipc/todayView.ts';
import { useWords, type Words } from '../ui/speech.tsx';
import type { PartProps } from './Today.tsx';

type Now = TodayView['chats'][number];

/** What each chat shows, until when, and why; and how its health is. Calendars as well. */
export function Accounts({ view, act }: PartProps): JSX.Element {
  const { t } = useWords();
  const { chats, calendars } = view.state;
  const fix = (account: string): JSX.Element | null => {
    const label = view.troubles[account]?.fix ?? null;
    if (label === null) return null;
    return (
      <button type="button" class="fix" onClick={() => act({ kind: 'fix', account })}>
        {label}
      </button>
    );
  };
  return (
    <>
      <section aria-labelledby="chats">
        <h2 id="chats">{t('today.chats')}</h2>
        {chats.length === 0 && <p class="soft small">{t('today.noChats')}</p>}
        <ul class="accounts">
          {chats.map((chat) => (
            <Chat
              key={chat.id}
              chat={chat}
              now={view.chats.find(({ id }) => id === chat.id)}
              at={view.day.now}
              trouble={view.troubles[chat.id]?.words}
            >
              {fix(chat.id)}
            </Chat>
          ))}
        </ul>
      </section>
      <section aria-labelledby="calendars">
        <h2 id="calendars">{t('today.calendars')}</h2>
        {view.isKnown && !view.isWhole && <p class="small">{t('today.notWhole')}</p>}
        <ul class="accounts">
          {calendars.map((calendar) => (
            <Calendar key={calendar.id} calendar={calendar} trouble={view.troubles[calendar.id]?.words}>
              {fix(calendar.id)}
            </Calendar>
          ))}
        </ul>
      </section>
    </>
  );
}

interface ChatProps {
  readonly chat: ChatState;
  readonly now: Now | undefined;
  readonly at: number;
  readonly trouble: string | undefined;
  readonly children: JSX.Element | null;
}

function Chat({ chat, now, at, trouble, children }: ChatProps): JSX.Element {
  const words = useWords();
  const shown = now?.shown ?? null;
  return (
    <li data-account={chat.id} class={chat.error === null ? '' : 'bad'}>
      <span class={`dot ${shown?.state ?? 'idle'}`} aria-hidden="true" />
      <div>
        <strong>{chat.label}</strong> <span>{shownWords(now, at, words)}</span>
        <p class="soft small selectable">{trouble ?? whyShown(chat, now, at, words)}</p>
      </div>
      {children}
    </li>
  );
}

function shownWords(now: Now | undefined, at: number, { t, timeFrom }: Words): string {
  const shown = now?.shown ?? null;
  if (now === undefined || shown === null) return t('today.shown.unknown');
  const said = [t(`state.${shown.state}`), shown.text].filter((part) => part !== '').join(' · ');
  const until = now.isOurs ? now.until : shown.until;
  return until === null ? said : t('today.shown.until', { shown: said, time: timeFrom(until, at) });
}

function whyShown({ status }: ChatState, now: Now | undefined, at: number, { t, timeFrom }: Words): string {
  const seen = now?.seenAt == null ? [] : [t('today.seen', { time: timeFrom(now.seenAt, at) })];
  const why =
    status === 'offline'
      ? t('today.offline')
      : now?.handsOffUntil != null
        ? t('today.handsOff', { time: timeFrom(now.handsOffUntil, at) })
        : t(now?.isOurs === true ? 'today.ours' : 'today.own');
  return [...(now?.shown == null && status !== 'offline' ? [] : [why]), ...seen].join(' · ');
}

interface CalendarProps {
  readonly calendar: CalendarState;
  readonly trouble: string | undefined;
  readonly children: JSX.Element | null;
}

function Calendar({
  calendar: { id, label, health, lastReadAt, error },
  trouble,
  children,
}: CalendarProps): JSX.Element {
  const { t, time } = useWords();
  const read =
    lastReadAt === null
      ? t('today.neverRead')
      : t(health === 'stale' ? 'today.stale' : 'today.read', { time: time(lastReadAt) });
  return (
    <li data-account={id} class={error === null ? '' : 'bad'}>
      <span class={`dot ${error === null ? 'good' : 'idle'}`} aria-hidden="true" />
      <div>
        <strong>{label}</strong> <span class="soft small">{read}</span>
        {trouble !== undefined && <p class="soft small selectable">{trouble}</p>}
      </div>
      {children}
    </li>
  );
}

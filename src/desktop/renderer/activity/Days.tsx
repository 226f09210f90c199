import type { JSX } from 'preact';
import type { ActivityAccount, ActivityEntry } from '../../../core/activity.ts';
import { groupOf } from '../../../core/activityKinds.ts';
import { activityLine } from '../../../core/activityWords.ts';
import { addDays, dateAt, type Instant, type LocalDate, type TimeZone } from '../../../core/time.ts';
import { useWords } from '../ui/speech.tsx';

interface DaysProps {
  /** The latest first. */
  readonly entries: readonly ActivityEntry[];
  readonly now: Instant;
  readonly zone: TimeZone;
  readonly nameOf: (account: ActivityAccount) => string;
}

interface Day {
  readonly date: LocalDate;
  readonly entries: ActivityEntry[];
}

/** The entries by day. */
export function Days({ entries, now, zone, nameOf }: DaysProps): JSX.Element {
  const { t, date: dateOf } = useWords();
  const today = dateAt(now, zone);
  const title = ({ date, entries: [first] }: Day): string => {
    if (date === today) return t('activity.today');
    return date === addDays(today, -1) ? t('activity.yesterday') : dateOf(first?.at ?? now);
  };
  return (
    <>
      {byDay(entries, zone).map((day) => (
        <section key={day.date} class="day" aria-labelledby={`day-${day.date}`}>
          <h2 id={`day-${day.date}`}>{title(day)}</h2>
          <ul class="entries card">
            {day.entries.map((entry, index) => (
              // The latest comes first: counted from the end, a line keeps its key.
              <Line key={`${entry.at} ${day.entries.length - index}`} entry={entry} nameOf={nameOf} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

const SIGNS = { decisions: '◆', writes: '→', problems: '!', words: '“', program: '·' } as const;

interface LineProps {
  readonly entry: ActivityEntry;
  readonly nameOf: (account: ActivityAccount) => string;
}

function Line({ entry, nameOf }: LineProps): JSX.Element {
  const { speech, t, time, timeFrom } = useWords();
  const group = groupOf(entry);
  return (
    <li class={`${group} ${entry.kind}`} data-kind={entry.kind}>
      <time dateTime={new Date(entry.at).toISOString()}>{time(entry.at)}</time>
      <span class="sign" role="img" aria-label={t(`activity.group.${group}`)} title={t(`activity.group.${group}`)}>
        {entry.kind === 'recovered' ? '✓' : SIGNS[group]}
      </span>
      <span class="selectable">
        {activityLine(entry, speech, { time: (at) => timeFrom(at, entry.at), account: nameOf })}
      </span>
    </li>
  );
}

function byDay(entries: readonly ActivityEntry[], zone: TimeZone): readonly Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const date = dateAt(entry.at, zone);
    const last = days.at(-1);
    if (last?.date === date) last.entries.push(entry);
    else days.push({ date, entries: [entry] });
  }
  return days;
}

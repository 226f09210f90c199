import type { JSX } from 'preact';
import { type DayChange, dayChanges } from '../../../core/dayChanges.ts';
import { useWords, type Words } from '../ui/speech.tsx';
import { Timeline } from '../ui/Timeline.tsx';
import { useForm } from './form.tsx';

/** Today as it would be with the draft, and in words what would be otherwise. */
export function RulesDay(): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { outcome, faults, isDirty } = useForm();
  const changes = outcome === null ? [] : dayChanges(outcome.before, outcome.day);
  return (
    <aside class="day-panel" aria-labelledby="rules-day">
      <h2 id="rules-day">{t('preferences.day')}</h2>
      {outcome !== null && <Timeline day={outcome.day} mostTicks={6} />}
      <div role="status" class="small">
        {faults.length > 0 ? (
          <p>{t('preferences.day.faults')}</p>
        ) : changes.length === 0 ? (
          <p class="soft">{t(isDirty ? 'preferences.day.same' : 'preferences.day.untouched')}</p>
        ) : (
          <>
            <p>
              <strong>{t('preferences.day.changes')}</strong>
            </p>
            <ul class="changes">
              {changes.map((change) => {
                const said = wordsOf(change, words);
                return <li key={said}>{said}</li>;
              })}
            </ul>
          </>
        )}
      </div>
    </aside>
  );
}

function wordsOf(change: DayChange, { t, time }: Words): string {
  const state = (effect: 'dnd' | 'busy' | 'away' | null): string => (effect === null ? '' : t(`state.${effect}`));
  if (change.kind === 'event') {
    const { subject, start, isAllDay, before, after } = change;
    const event = t(isAllDay ? 'preferences.day.allDay' : 'preferences.day.event', {
      subject: subject.trim() || t('day.noSubject'),
      time: time(start),
    });
    const key = after === null ? 'less' : before === null ? 'more' : 'other';
    return t(`preferences.day.event.${key}`, { event, before: state(before), after: state(after) });
  }
  const marks = { state: state(change.effect) };
  if (change.kind === 'times') {
    const { before, after } = change;
    return t('preferences.day.times', {
      ...marks,
      start: time(after.start),
      end: time(after.end),
      oldStart: time(before.start),
      oldEnd: time(before.end),
    });
  }
  return t(`preferences.day.${change.kind}`, { ...marks, start: time(change.at.start), end: time(change.at.end) });
}

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Draft } from '../../../core/draft.ts';
import { useWords } from '../ui/speech.tsx';
import { CheckField, described, FieldError } from './fields.tsx';
import { idOf, useField, useForm } from './form.tsx';

type Week = NonNullable<Draft['workingHours']>;
type Day = keyof Week;
type Stretch = Week[Day][number];

const DAYS: readonly Day[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** A Monday, to have the days' names from. */
const MONDAY = Date.UTC(2024, 0, 1);
const USUAL: Week = Object.fromEntries(
  DAYS.map((day) => [day, day === 'saturday' || day === 'sunday' ? [] : [{ from: '09:00', to: '17:00' }]]),
) as Week;
const MOST_STRETCHES = 6;

/** When meetings count, by weekday; a day may have a break, and so several stretches. */
export function WorkingHoursForm(): JSX.Element {
  const { t, speech } = useWords();
  const { draft, change } = useForm();
  const wish = useRef<string | null>(null);
  const last = useRef<Week>(draft.workingHours ?? USUAL);
  const week = draft.workingHours;
  const nameOf = (day: Day): string =>
    new Intl.DateTimeFormat(speech.locale, { weekday: 'long', timeZone: 'UTC' }).format(
      MONDAY + DAYS.indexOf(day) * 86_400_000,
    );

  useLayoutEffect(() => {
    if (wish.current !== null) document.getElementById(wish.current)?.focus();
    wish.current = null;
  }, [week]);

  const set = (day: Day, stretches: readonly Stretch[], focus: string | null = null): void => {
    if (week === null) return;
    wish.current = focus;
    change({ workingHours: { ...week, [day]: [...stretches] } });
  };
  const remove = (day: Day, stretches: readonly Stretch[], place: number): void => {
    const next = stretches.toSpliced(place, 1);
    const to = Math.min(place, next.length - 1);
    set(day, next, to < 0 ? `add-${day}` : idOf(`workingHours.${day}.${to}.from`));
  };
  return (
    <section aria-labelledby="rules-hours">
      <h2 id="rules-hours">{t('preferences.hours')}</h2>
      <div class="card">
        <CheckField
          path="workingHours"
          label={t('preferences.hours.on')}
          hint={t('preferences.hours.hint')}
          checked={week !== null}
          onChange={(isOn) => {
            if (week !== null) last.current = week;
            change({ workingHours: isOn ? last.current : null });
          }}
        />
        {week !== null &&
          DAYS.map((day) => (
            <fieldset key={day} class="weekday">
              <legend>{nameOf(day)}</legend>
              <div class="stretches">
                {week[day].length === 0 && <span class="soft small">{t('preferences.hours.off')}</span>}
                {week[day].map((stretch, place) => (
                  <StretchRow
                    key={place}
                    path={`workingHours.${day}.${place}`}
                    name={nameOf(day)}
                    stretch={stretch}
                    onChange={(changed) => set(day, week[day].with(place, { ...stretch, ...changed }))}
                    onRemove={() => remove(day, week[day], place)}
                  />
                ))}
                <AddStretch
                  day={day}
                  name={nameOf(day)}
                  isFull={week[day].length >= MOST_STRETCHES}
                  onAdd={() =>
                    set(
                      day,
                      [...week[day], week[day].length === 0 ? { from: '09:00', to: '17:00' } : { from: '', to: '' }],
                      idOf(`workingHours.${day}.${week[day].length}.from`),
                    )
                  }
                />
              </div>
            </fieldset>
          ))}
      </div>
    </section>
  );
}

interface AddStretchProps {
  readonly day: Day;
  readonly name: string;
  readonly isFull: boolean;
  readonly onAdd: () => void;
}

function AddStretch({ day, name, isFull, onAdd }: AddStretchProps): JSX.Element {
  const { t } = useWords();
  const { disabled } = useField(`workingHours.${day}`);
  return (
    <button
      id={`add-${day}`}
      type="button"
      class="link"
      aria-label={t('preferences.hours.addTo', { day: name })}
      disabled={disabled || isFull}
      onClick={onAdd}
    >
      {t('preferences.hours.add')}
    </button>
  );
}

interface StretchRowProps {
  readonly path: string;
  readonly name: string;
  readonly stretch: Stretch;
  readonly onChange: (change: Partial<Stretch>) => void;
  readonly onRemove: () => void;
}

/** The end of a day is written 24:00, which the system's time fields call 00:00. */
const shownEnd = (to: string): string => (to === '24:00' ? '00:00' : to);
const keptEnd = (to: string): string => (to === '00:00' ? '24:00' : to);

function StretchRow({ path, name, stretch, onChange, onRemove }: StretchRowProps): JSX.Element {
  const { t } = useWords();
  const from = useField(`${path}.from`);
  const to = useField(`${path}.to`);
  const number = String(Number(path.split('.').at(-1)) + 1);
  return (
    <div>
      <div class="row">
        <input
          id={from.id}
          type="time"
          aria-label={t('preferences.hours.from', { day: name, number })}
          value={stretch.from}
          disabled={from.disabled}
          {...described({ ...from, disabled: false })}
          onInput={(event) => onChange({ from: event.currentTarget.value })}
        />
        <span aria-hidden="true">–</span>
        <input
          id={to.id}
          type="time"
          aria-label={t('preferences.hours.to', { day: name, number })}
          value={shownEnd(stretch.to)}
          disabled={to.disabled}
          {...described({ ...to, disabled: false })}
          onInput={(event) => onChange({ to: keptEnd(event.currentTarget.value) })}
        />
        <button
          type="button"
          class="small-button"
          aria-label={t('preferences.hours.remove', { day: name, number })}
          disabled={from.disabled}
          onClick={onRemove}
        >
          <span aria-hidden="true">✕</span>
        </button>
      </div>
      <FieldError field={from} />
      <FieldError field={to} />
    </div>
  );
}

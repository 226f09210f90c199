import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { HOUR, MINUTE } from '../../../core/time.ts';
import type { TodayAction } from '../../ipc/todayView.ts';
import { useWords } from '../ui/speech.tsx';
import { nextTime } from './nextTime.ts';
import type { PartProps } from './Today.tsx';

type Open = 'pause' | 'busy' | null;

const MINUTES = { pause: [30, 60], busy: [30, 60, 120] } as const;

/** What the person can say: pause, not for this meeting, busy until; and where to read and change more. */
export function Say({ view, act }: PartProps): JSX.Element {
  const { t } = useWords();
  const [open, setOpen] = useState<Open>(null);
  const { may, busyUntil, state } = view;
  const isPaused = state.phase === 'paused';
  const say = (action: TodayAction): void => {
    act(action);
    setOpen(null);
  };
  const opens = (name: 'pause' | 'busy', label: string): JSX.Element => (
    <button type="button" aria-expanded={open === name} onClick={() => setOpen(open === name ? null : name)}>
      {label}
    </button>
  );
  return (
    <footer data-focus-home>
      <div class="row">
        {state.phase === 'setup' && (
          <button type="button" class="default" onClick={() => act({ kind: 'setUp' })}>
            {t('today.setUp')}
          </button>
        )}
        {may.pause && !isPaused && opens('pause', t('today.pause'))}
        {may.pause && isPaused && (
          <button type="button" class="default" onClick={() => say({ kind: 'resume' })}>
            {t('today.resume')}
          </button>
        )}
        {may.notFor && (
          <button type="button" onClick={() => say({ kind: 'notForThisMeeting' })}>
            {t('today.notFor')}
          </button>
        )}
        {may.busy && busyUntil === null && opens('busy', t('today.busy'))}
        {may.busy && busyUntil !== null && (
          <button type="button" onClick={() => say({ kind: 'notBusy' })}>
            {t('today.notBusy')}
          </button>
        )}
      </div>
      {open !== null && (
        <HowLong what={open} now={view.day.now} zone={view.day.zone} say={say} close={() => setOpen(null)} />
      )}
      <div class="row more">
        <button type="button" class="link" onClick={() => act({ kind: 'why' })}>
          {t('today.why')}
        </button>
        <button type="button" class="link" onClick={() => act({ kind: 'preferences' })}>
          {t('today.preferences')}
        </button>
      </div>
    </footer>
  );
}

interface HowLongProps {
  readonly what: 'pause' | 'busy';
  readonly now: number;
  readonly zone: string;
  readonly say: (action: TodayAction) => void;
  readonly close: () => void;
}

/** For how long, or until when. The first choice takes the focus; Escape leads back to the button. */
function HowLong({ what, now, zone, say, close }: HowLongProps): JSX.Element {
  const { t, duration } = useWords();
  const [typed, setTyped] = useState('');
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    group.current?.querySelector<HTMLElement>('button')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const at = nextTime(typed, now, zone);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return (
    <fieldset ref={group} class="how-long" onKeyDown={onKeyDown}>
      <legend>{t(what === 'pause' ? 'today.pause' : 'today.busy')}</legend>
      {MINUTES[what].map((minutes) => (
        <button key={minutes} type="button" onClick={() => say({ kind: what, howLong: minutes * MINUTE })}>
          {t('today.for', { time: duration(minutes) })}
        </button>
      ))}
      <button type="button" onClick={() => say({ kind: what, howLong: 'tomorrow' })}>
        {t('today.untilTomorrow')}
      </button>
      {what === 'pause' && (
        <button type="button" onClick={() => say({ kind: 'pause', howLong: 'forever' })}>
          {t('today.untilResumed')}
        </button>
      )}
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (at !== null && at - now < 24 * HOUR) say({ kind: what, howLong: at - now });
        }}
      >
        <label for="until">{t('today.otherTime')}</label>
        <input id="until" type="time" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <button type="submit" disabled={at === null}>
          {t('today.setTime')}
        </button>
      </form>
    </fieldset>
  );
}

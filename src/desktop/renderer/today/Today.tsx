import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { headline } from '../../../core/headline.ts';
import type { Bridge } from '../../ipc/contract.ts';
import type { TodayAction, TodayView } from '../../ipc/todayView.ts';
import { Banner } from '../ui/Banner.tsx';
import { SpeechProvider, useWords } from '../ui/speech.tsx';
import { Timeline } from '../ui/Timeline.tsx';
import { useEscape } from '../ui/useEscape.ts';
import { useFit } from '../ui/useFit.ts';
import { useKeptFocus } from '../ui/useKeptFocus.ts';
import { useView } from '../ui/useView.ts';
import { Accounts } from './Accounts.tsx';
import { Say } from './Say.tsx';

interface TodayProps {
  readonly bridge: Bridge;
  readonly first: TodayView;
}

/** The day at a glance: what is so now, the picture, each chat, and what the person can say. */
export function Today({ bridge, first }: TodayProps): JSX.Element {
  const view = useView(first, () => bridge.today(null), bridge.todayChanged);
  const [act] = useState(() => (action: TodayAction) => void bridge.todayAct(action));
  const [close] = useState(() => () => act({ kind: 'close' }));
  const content = useRef<HTMLElement>(null);
  const [fitting] = useState({ fit: bridge.todayFit });
  useFit(content, fitting);
  useEscape(close);
  useKeptFocus();
  return (
    <SpeechProvider speech={view.speech} zone={view.day.zone} title="today.title">
      <main ref={content} class="today">
        <Banner />
        <Head view={view} act={act} />
        {view.isKnown ? <Timeline day={view.day} /> : <Unknown view={view} />}
        <Accounts view={view} act={act} />
        <Say view={view} act={act} />
      </main>
    </SpeechProvider>
  );
}

export interface PartProps {
  readonly view: TodayView;
  readonly act: (action: TodayAction) => void;
}

function Head({ view: { state, day }, act }: PartProps): JSX.Element {
  const { t, time, date, speech } = useWords();
  const shown = state.phase === 'running' ? (state.now?.state ?? 'available') : 'idle';
  const synced =
    state.lastSyncAt === null ? t('today.neverSynced') : t('today.synced', { time: time(state.lastSyncAt) });
  return (
    <header>
      <span class={`dot ${shown}`} aria-hidden="true" />
      <div>
        <h1>{headline(state, day.now, day.zone, speech)}</h1>
        <p class="soft small">
          {date(day.now)} · <span role="status">{state.syncing ? t('today.syncing') : synced}</span>
        </p>
      </div>
      <button
        type="button"
        class="icon"
        aria-label={t('today.syncNow')}
        title={t('today.syncNow')}
        disabled={state.phase !== 'running'}
        onClick={() => act({ kind: 'syncNow' })}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" class={state.syncing ? 'turning' : ''}>
          <path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.8v3h-3" />
        </svg>
      </button>
    </header>
  );
}

function Unknown({ view }: { readonly view: TodayView }): JSX.Element {
  const { t } = useWords();
  const isSettingUp = view.state.phase === 'setup';
  return <p class="unknown soft">{isSettingUp ? t('today.noChats') : t('today.reading')}</p>;
}

import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PresenceState } from '../../core/presence.ts';
import type { HubApi } from './api.ts';
import { Connection } from './Connection.tsx';
import { CallFailed } from './callFailed.ts';
import { dayAround } from './day.ts';
import { Filters } from './Filters.tsx';
import { Mark } from './icons.tsx';
import { nameOf, type SignedIn } from './model.ts';
import { People } from './People.tsx';
import { SyncLine } from './SyncLine.tsx';
import { countStates, search } from './team.ts';
import { browserTimers } from './timers.ts';
import { useNow } from './useNow.ts';
import { type TeamView, TeamWatch } from './watch.ts';
import { Words } from './words.ts';

interface TeamPageProps {
  readonly api: HubApi;
  readonly session: SignedIn;
  readonly onSignOut: () => Promise<void>;
  readonly onSignedOut: () => void;
}

const NOTHING: TeamView = { people: [], isLoaded: false, line: { kind: 'connecting' } };

/** The team as it is now. */
export function TeamPage({ api, session, onSignOut, onSignedOut }: TeamPageProps): JSX.Element {
  const [view, setView] = useState(NOTHING);
  const [watch, setWatch] = useState<TeamWatch | null>(null);
  const [query, setQuery] = useState('');
  const [state, setState] = useState<PresenceState | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const words = useMemo(() => new Words(), []);
  const now = useNow();
  const today = dayAround(now);
  const isOut = useRef(onSignedOut);
  isOut.current = onSignedOut;

  useEffect(() => {
    document.title = 'HipStatus team';
    const made = new TeamWatch({
      ...browserTimers,
      api,
      open: (after) => new EventSource(api.eventsUrl(after)),
      onView: setView,
      onSignedOut: () => isOut.current(),
    });
    setWatch(made);
    made.start();
    const retry = (): void => {
      if (document.visibilityState === 'visible') made.retryNow();
    };
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', retry);
    return () => {
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', retry);
      made.stop();
    };
  }, [api]);

  const found = useMemo(() => search(view.people, query), [view.people, query]);
  const counts = useMemo(() => countStates(found), [found]);
  const shown = useMemo(() => (state === null ? found : found.filter((one) => one.state === state)), [found, state]);

  const signOut = async (): Promise<void> => {
    setTrouble(null);
    await onSignOut().catch((thrown: unknown) =>
      setTrouble(thrown instanceof CallFailed ? thrown.message : 'Signing out did not work.'),
    );
  };

  const isOffline = view.line.kind === 'lost';
  return (
    <>
      <header class="top">
        <div class="inner">
          <Mark />
          <div class="title">
            <h1>Team</h1>
            <p class="date">{words.date(now)}</p>
          </div>
          <Connection line={view.line} isLoaded={view.isLoaded} today={today} words={words} />
          <div class="who">
            <span class="me" dir="auto">
              {session.person === null ? session.name : nameOf(session.person)}
            </span>
            <button type="button" onClick={() => void signOut()}>
              Sign out
            </button>
          </div>
          <p class="error" role="alert">
            {trouble}
          </p>
        </div>
      </header>
      <main class={isOffline ? 'team stale' : 'team'}>
        <Filters
          query={query}
          state={state}
          counts={counts}
          total={found.length}
          shown={shown.length}
          words={words}
          onQuery={setQuery}
          onState={setState}
        />
        {watch !== null && (
          <People
            people={shown}
            everybody={view.people.length}
            isLoaded={view.isLoaded}
            mine={session.person?.id ?? null}
            dayStart={today.start}
            days={watch.days}
            words={words}
            onShowAll={() => {
              setQuery('');
              setState(null);
            }}
          />
        )}
        <SyncLine api={api} words={words} />
      </main>
    </>
  );
}

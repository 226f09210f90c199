import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { HubApi } from './api.ts';
import { CallFailed } from './callFailed.ts';
import type { SignedIn } from './model.ts';
import { SignIn } from './SignIn.tsx';
import { TeamPage } from './TeamPage.tsx';

type Place =
  | { readonly kind: 'opening'; readonly trouble: string | null }
  | { readonly kind: 'signIn'; readonly message: string | null }
  | { readonly kind: 'team'; readonly session: SignedIn };

const OVER =
  'You were signed out: your token was revoked or has run out, or you signed in twelve hours ago. Sign in again.';
const RETRY = 3_000;
/** Tells the page's other tabs. */
const CHANNEL = 'hipstatus';

/** Decides between signing in and the team. */
export function App({ api }: { readonly api: HubApi }): JSX.Element {
  const [place, setPlace] = useState<Place>({ kind: 'opening', trouble: null });

  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = async (): Promise<void> => {
      try {
        const session = await api.session();
        if (!isOver) setPlace(session.signedIn ? { kind: 'team', session } : { kind: 'signIn', message: null });
      } catch (thrown) {
        if (isOver) return;
        setPlace({
          kind: 'opening',
          trouble: thrown instanceof CallFailed ? thrown.message : 'The hub can’t be read.',
        });
        timer = setTimeout(() => void open(), RETRY);
      }
    };
    void open();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api]);

  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => setPlace({ kind: 'signIn', message: null });
    return () => channel.close();
  }, []);

  const signOut = async (): Promise<void> => {
    await api.signOut();
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage('signedOut');
    channel.close();
    setPlace({ kind: 'signIn', message: null });
  };

  if (place.kind === 'signIn') {
    return <SignIn api={api} message={place.message} onSignedIn={(session) => setPlace({ kind: 'team', session })} />;
  }
  if (place.kind === 'team') {
    return (
      <TeamPage
        api={api}
        session={place.session}
        onSignOut={signOut}
        onSignedOut={() => setPlace({ kind: 'signIn', message: OVER })}
      />
    );
  }
  return (
    <p class="opening" role="status">
      {place.trouble}
    </p>
  );
}

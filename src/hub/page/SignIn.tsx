import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { HubApi } from './api.ts';
import { CallFailed } from './callFailed.ts';
import { Mark } from './icons.tsx';
import type { SignedIn } from './model.ts';

interface SignInProps {
  readonly api: HubApi;
  /** Why to sign in again; null at the first time. */
  readonly message: string | null;
  readonly onSignedIn: (session: SignedIn) => void;
}

/** What was wrong, and what to do. */
function textOf(thrown: unknown): string {
  if (!(thrown instanceof CallFailed)) return 'That did not work. Load the page anew.';
  if (thrown.status === 403) return 'This token may not see the team: it needs the scope “read”. Ask for another one.';
  if (thrown.status !== 429) return thrown.message;
  return `Too many tries. Wait ${thrown.retryAfter ?? 60} seconds.`;
}

/** The way in: a token, which is sent once and kept nowhere in the page. */
export function SignIn({ api, message, onSignedIn }: SignInProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    document.title = 'Sign in – HipStatus team';
    input.current?.focus();
  }, []);

  const submit = async (): Promise<void> => {
    const field = input.current;
    if (field === null || isBusy) return;
    const token = field.value.trim();
    setError(null);
    if (token === '') {
      setError('Enter your token.');
      field.focus();
      return;
    }
    setBusy(true);
    try {
      const session = await api.signIn(token);
      field.value = '';
      onSignedIn(session);
    } catch (thrown) {
      setBusy(false);
      setError(textOf(thrown));
      field.focus();
      field.select();
    }
  };

  return (
    <main class="sign-in">
      <form
        noValidate
        aria-labelledby="title"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Mark />
        <h1 id="title">Sign in to see your team</h1>
        {message !== null && (
          <p class="note" role="status">
            {message}
          </p>
        )}
        <label for="token">Token</label>
        <input
          ref={input}
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          aria-invalid={error !== null}
          aria-describedby="error hint"
        />
        <p id="error" class="error" role="alert">
          {error}
        </p>
        <button type="submit" class="default" aria-disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
        <p id="hint" class="hint">
          Whoever runs this hub makes one for you with
          <code class="line">hipstatus hub token create --email you@example.com</code>
          It starts with <code>hst_</code> and is shown once.
        </p>
      </form>
    </main>
  );
}

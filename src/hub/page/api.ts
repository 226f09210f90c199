import { SECOND } from '../../core/time.ts';
import { CallFailed } from './callFailed.ts';
import type { DayItem, PresencePage, SessionOut, SignedIn, SyncOut } from './model.ts';

const UNREACHABLE = 'The hub can’t be reached. Check your network, or ask whoever runs the hub.';
const PAGE_LIMIT = 1_000;
const PATIENCE = 20 * SECOND;

async function errorOf(response: Response): Promise<CallFailed> {
  const body = (await response.json().catch(() => null)) as { readonly error?: { readonly message?: string } } | null;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds : null;
  const message = body?.error?.message ?? `The hub answered ${response.status}. Try again later.`;
  return new CallFailed(response.status, message, retryAfter);
}

/** The hub's API as the page uses it; all addresses are relative, so that a proxy may serve the hub below a path. */
export class HubApi {
  readonly #base: string;

  /** @param base the page's own address */
  constructor(base: string) {
    this.#base = base;
  }

  session(): Promise<SessionOut> {
    return this.#call('session');
  }

  signIn(token: string): Promise<SignedIn> {
    const body = JSON.stringify({ token });
    return this.#call('session', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }

  async signOut(): Promise<void> {
    await this.#fetch('session', { method: 'DELETE' });
  }

  presences(after: string): Promise<PresencePage> {
    return this.#call(`api/v1/presences?limit=${PAGE_LIMIT}&after=${encodeURIComponent(after)}`);
  }

  /** How far organisation sync is; null where none runs. */
  async sync(): Promise<SyncOut | null> {
    return (await this.#call<{ readonly sync: SyncOut | null }>('api/v1/sync')).sync;
  }

  async day(personId: string, since: string): Promise<readonly DayItem[]> {
    const path = `api/v1/presences/${personId}/day?since=${encodeURIComponent(since)}`;
    return (await this.#call<{ readonly items: readonly DayItem[] }>(path)).items;
  }

  /** Where changes stream from. @param after the last one that is known; null for only what is new */
  eventsUrl(after: number | null): string {
    return new URL(after === null ? 'api/v1/events' : `api/v1/events?after=${after}`, this.#base).href;
  }

  async #call<T>(path: string, init?: RequestInit): Promise<T> {
    return (await this.#fetch(path, init)).json() as Promise<T>;
  }

  async #fetch(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#base), {
        ...init,
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      throw new CallFailed(0, UNREACHABLE, null);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

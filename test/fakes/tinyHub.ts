import type { Presence } from '../../src/core/presence.ts';

const NOTHING: Presence = { state: 'available', text: '', emoji: '', until: null };

/** One call as the hub saw it. */
export interface HubCall {
  readonly at: number;
  readonly call: string;
  readonly ifMatch: string | null;
  readonly body: unknown;
}

/** As much of the hub as one person's own token gets to see (its API v1), as a `fetch`. */
export class TinyHub {
  readonly token = 'hst_1_secret-of-ada';
  readonly calls: HubCall[] = [];
  scopes: readonly string[] = ['publish'];
  hasPerson = true;
  reportTimeout = 900;
  /** The next answers, in the hub's place. */
  readonly instead: ((signal: AbortSignal) => Response | Promise<Response>)[] = [];
  #said: Presence & { readonly source: string } = { ...NOTHING, source: 'none' };
  #reportedUntil = 0;
  #event = 0;
  #before = '';
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const path = url.replace('https://hub.example.com/api/v1', '');
    const call = `${init.method} ${path}`;
    const body = init.body === undefined ? null : JSON.parse(String(init.body));
    this.calls.push({ at: this.#now(), call, ifMatch: headers.get('if-match'), body });
    init.signal?.throwIfAborted();
    const instead = this.instead.shift();
    if (instead !== undefined) return instead(init.signal ?? new AbortController().signal);
    if (headers.get('authorization') !== `Bearer ${this.token}`) return refusal(401, 'unauthorized');
    if (call === 'GET /me') {
      const { scopes, reportTimeout } = this;
      return Response.json({ token: { id: '1', name: 'Ada', scopes }, person: this.#person(), reportTimeout });
    }
    if (!this.hasPerson) return refusal(404, 'notFound');
    if (!this.scopes.includes('publish')) return refusal(403, 'forbidden');
    if (call === 'POST /presences/me/report') return this.#report();
    if (call !== 'PUT /presences/me') return refusal(404, 'notFound');
    const ifMatch = headers.get('if-match');
    if (ifMatch !== null && ifMatch !== `"${this.shown().event}"`) return refusal(412, 'conflict');
    const { state, text = '', emoji = '', until = null, source = 'api' } = body;
    this.#said = { state, text, emoji, until: until === null ? null : Date.parse(until), source };
    return this.#report();
  };

  /** The person says it by themselves, in another program. */
  say(presence: Partial<Presence>): void {
    this.#said = { ...NOTHING, ...presence, source: 'api' };
    this.#reportedUntil = this.#now() + this.reportTimeout * 1_000;
  }

  shown() {
    const now = this.#now();
    if (this.#said.until !== null && this.#said.until <= now) this.#said = { ...NOTHING, source: this.#said.source };
    const isReporting = now < this.#reportedUntil;
    const shown = isReporting ? this.#said : { ...NOTHING, state: 'offline' as const, source: this.#said.source };
    const key = JSON.stringify(shown);
    if (key !== this.#before) this.#event += 1;
    this.#before = key;
    return { ...shown, event: this.#event };
  }

  /** The calls since the last time, such as `POST /presences/me/report`. */
  takeCalls(): readonly string[] {
    return this.calls.splice(0).map(({ call }) => call);
  }

  #person = () => (this.hasPerson ? { id: '01', email: 'ada@contoso.example', name: 'Ada' } : null);

  #report(): Response {
    this.#reportedUntil = this.#now() + this.reportTimeout * 1_000;
    const { until, ...shown } = this.shown();
    const end = until === null ? null : new Date(until).toISOString();
    return Response.json({
      ...shown,
      until: end,
      person: this.#person(),
      reporting: true,
      changedAt: new Date(0).toISOString(),
    });
  }
}

/** An answer of the hub that is no success. */
export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ error: { code, message: 'Secret plans' } }, { status, headers });

import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import type { ZodType } from 'zod';
import { AppError } from '../../../core/appError.ts';
import type { Interval } from '../../../core/time.ts';
import { call, errorOfResponse, type HttpDeps, jsonOf } from '../../http.ts';
import type { GraphTokenWish } from './auth.ts';
import { isShared, viewPath } from './calendarPath.ts';
import { type GraphCalendar, type GraphEvent, graphCalendarPage, graphPage, SELECT } from './schema.ts';

const SERVICE = 'Microsoft 365';
const VERSION = 'v1.0';
/** Graph allows 1000; a hundred is one page for most people and small enough to be quick. */
const PAGE_SIZE = 100;
/** Ten thousand events in one window are no calendar but a loop. */
const MOST_PAGES = 100;

export interface GraphClientDeps extends HttpDeps {
  /** Graph's base, https, without `/v1.0`. */
  readonly baseUrl: string;
  readonly accessToken: (wish: GraphTokenWish, signal: AbortSignal) => Promise<string>;
}

const ending = (message: string, reason: string) => new AppError('badResponse', message, { reason });

/**
 * The last of the chain: sends with the injected `fetch`. There is no retry handler before it: the engine decides when to try
 * again. The client turns every error into its own kind, so the one that was thrown is kept.
 */
class FetchHandler implements Middleware {
  readonly #deps: HttpDeps;
  readonly #signal: AbortSignal;
  failure: unknown;

  constructor(deps: HttpDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
  }

  async execute(context: Context): Promise<void> {
    const url = typeof context.request === 'string' ? context.request : context.request.url;
    const headers = new Headers(context.options?.headers as Record<string, string>);
    try {
      context.response = await call(this.#deps, SERVICE, url, { method: 'GET', headers, signal: this.#signal });
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/**
 * The claims of a 401 with `error="insufficient_claims"` (Microsoft identity platform, "Claims challenges"), as JSON; null
 * when there are none.
 */
export function claimsOf(header: string | null): string | null {
  if (header === null || !/\berror="insufficient_claims"/.test(header)) return null;
  const encoded = /\bclaims="([A-Za-z0-9+/_=-]+)"/.exec(header)?.[1];
  if (encoded === undefined) return null;
  const claims = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    JSON.parse(claims);
    return claims;
  } catch {
    return null;
  }
}

/** @param id the calendar that was asked for; empty for the person's default one, or where it was none */
function errorOf(response: Response, id: string, now: number): AppError {
  const error = errorOfResponse(SERVICE, response, now);
  const words: Partial<Record<AppError['code'], string>> = {
    unauthorized: 'Microsoft 365 does not accept the saved sign-in any more. Sign in again.',
    forbidden: isShared(id)
      ? 'Microsoft 365 does not let HipStatus read this calendar. Ask its owner to share it, or your administrator for Calendars.Read.Shared.'
      : 'Microsoft 365 does not let HipStatus read your calendar. Ask your administrator for Calendars.ReadBasic.',
    notFound:
      id === ''
        ? 'Microsoft 365 has no mailbox for this account. Sign in with the account that has your calendar.'
        : 'Microsoft 365 has no such calendar, or does not show it to you any more. Choose your calendars again.',
  };
  const message = words[error.code];
  if (message === undefined) return error;
  return new AppError(error.code, message, error.code === 'unauthorized' ? { reason: 'interactionRequired' } : {});
}

/** Reads the signed-in person's calendars through Microsoft's Graph client. */
export class GraphClient {
  readonly #deps: GraphClientDeps;
  readonly #base: URL;

  constructor(deps: GraphClientDeps) {
    this.#deps = deps;
    this.#base = new URL(deps.baseUrl);
  }

  /**
   * All pages of the `calendarView` of one calendar.
   * @param id as `calendarPath.ts` has it; empty for the person's default calendar
   */
  calendarView(id: string, window: Interval, signal: AbortSignal): Promise<GraphEvent[]> {
    const query = {
      startDateTime: new Date(window.start).toISOString(),
      endDateTime: new Date(window.end).toISOString(),
      $select: SELECT.join(','),
    };
    return this.#pages(id, viewPath(id), query, graphPage, signal);
  }

  /** The calendars in the person's list, with those that others share. */
  calendars(signal: AbortSignal): Promise<GraphCalendar[]> {
    return this.#pages('', '/me/calendars', { $select: 'id,name,isDefaultCalendar,owner' }, graphCalendarPage, signal);
  }

  async #pages<T>(
    id: string,
    start: string,
    query: Readonly<Record<string, string>>,
    schema: ZodType<{ value: T[]; '@odata.nextLink'?: string | null | undefined }>,
    signal: AbortSignal,
  ): Promise<T[]> {
    // The Graph client attaches tokens to https addresses only and would say nothing about it.
    if (this.#base.protocol !== 'https:') {
      throw new AppError('invalidInput', 'The address of Microsoft Graph must begin with https://.', {
        reason: 'notConfigured',
      });
    }
    const asked = new URLSearchParams({ ...query, $top: String(PAGE_SIZE) }).toString();
    const found: T[] = [];
    // Commas and dollars as Graph's own pages write them.
    let path: string | null = `${start}?${asked.replaceAll('%2C', ',').replaceAll('%24', '$')}`;
    for (let page = 0; path !== null; page++) {
      if (page >= MOST_PAGES) throw ending('Microsoft 365 keeps sending more pages of your calendar.', 'tooManyPages');
      const response = await this.#get(path, isShared(id), signal);
      if (!response.ok) {
        await response.body?.cancel();
        throw errorOf(response, id, this.#deps.now());
      }
      const answer = await jsonOf(SERVICE, response, schema, this.#deps.now());
      found.push(...answer.value);
      const next = answer['@odata.nextLink'];
      path = next ? this.#nextPath(next) : null;
    }
    return found;
  }

  /** One call; a 401 is answered once with a renewed token, which carries the claims that were asked for. */
  async #get(path: string, isOfOthers: boolean, signal: AbortSignal): Promise<Response> {
    const wish: GraphTokenWish = { isShared: isOfOthers };
    const first = await this.#send(path, wish, signal);
    if (first.status !== 401) return first;
    await first.body?.cancel();
    const claims = claimsOf(first.headers.get('www-authenticate'));
    return this.#send(path, { ...wish, ...(claims === null ? { forceRefresh: true } : { claims }) }, signal);
  }

  async #send(path: string, wish: GraphTokenWish, signal: AbortSignal): Promise<Response> {
    // Asked for here, because the client would wrap the errors.
    const token = await this.#deps.accessToken(wish, signal);
    // Loaded when first needed: it would slow the app's start.
    const { AuthenticationHandler, Client, ResponseType } = await import('@microsoft/microsoft-graph-client');
    const fetching = new FetchHandler(this.#deps, signal);
    const client = Client.initWithMiddleware({
      baseUrl: this.#deps.baseUrl,
      defaultVersion: VERSION,
      // Tokens go to this host only.
      customHosts: new Set([this.#base.hostname.toLowerCase()]),
      middleware: [new AuthenticationHandler({ getAccessToken: async () => token }), fetching],
    });
    try {
      const request = client.api(path).responseType(ResponseType.RAW);
      return await request.header('Prefer', 'outlook.timezone="UTC", IdType="ImmutableId"').get();
    } catch (error) {
      throw fetching.failure ?? error;
    }
  }

  /** The path of the next page; a link that leaves Graph would take the token with it. */
  #nextPath(link: string): string {
    const foreign = () => ending('Microsoft 365 pointed to another server for the rest of your calendar.', 'nextLink');
    let url: URL;
    try {
      url = new URL(link);
    } catch {
      throw foreign();
    }
    const prefix = `${this.#base.pathname.replace(/\/+$/, '')}/${VERSION}/`;
    if (url.origin !== this.#base.origin || !url.pathname.startsWith(prefix)) throw foreign();
    return `/${url.pathname.slice(prefix.length)}${url.search}`;
  }
}

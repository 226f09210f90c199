import type { DAVNamespaceShort, davRequest as DavRequest } from 'tsdav';
import { AppError } from '../../../core/appError.ts';
import {
  bodyError,
  call,
  errorOfResponse,
  type Fetch,
  type HttpDeps,
  parseAnswer,
  serviceMessage,
} from '../../http.ts';
import { type DavResponse, davResponse, syncAnswer } from './schema.ts';
import { mayHavePassword, serverUrl } from './site.ts';

export interface CaldavDeps extends HttpDeps {
  /** Read at each call. Throws `AppError('unauthorized')` when there is none. */
  readonly password: () => Promise<string>;
}

/** A multistatus: its parts, the address it finally came from, and the sync token that it may end with. */
export interface Multistatus {
  readonly url: string;
  readonly responses: readonly DavResponse[];
  readonly syncToken: string | null;
}

/** What a body of a request is made of (xml-js, compact). */
type Xml = Readonly<Record<string, unknown>>;

export const SERVICE = 'The CalDAV server';
const MOST_REDIRECTS = 5;
/** A year of a busy calendar is a few megabytes; what is larger is none. */
const MOST_BYTES = 20 * 1024 * 1024;
/** The end of a multistatus; the parser under tsdav says nothing of one that is missing. */
const WHOLE = /(?:<\/(?:[\w.-]+:)?multistatus\s*>|<(?:[\w.-]+:)?multistatus\b[^>]*\/>)\s*$/;
const CALDAV = 'c' as DAVNamespaceShort.CALDAV;
const DAV = 'd' as DAVNamespaceShort.DAV;
const NAMESPACES = {
  'xmlns:d': 'DAV:',
  'xmlns:c': 'urn:ietf:params:xml:ns:caldav',
  'xmlns:cs': 'http://calendarserver.org/ns/',
};

/** The body as text, up to the limit. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8');
  const parts: string[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (chunk?.value === undefined) return [...parts, decoder.decode()].join('');
      size += chunk.value.byteLength;
      if (size > MOST_BYTES) {
        const message = 'A calendar on the CalDAV server is larger than 20 MB. Choose fewer calendars.';
        throw new AppError('badResponse', message, { reason: 'tooLarge' });
      }
      parts.push(decoder.decode(chunk.value, { stream: true }));
    }
  } catch (error) {
    await reader?.cancel().catch(() => undefined);
    throw error instanceof AppError ? error : bodyError(SERVICE, error);
  }
}

/** The error of a status, with what the person can do. Of the body only the names of preconditions are looked for. */
async function refusal(response: Response, now: number): Promise<AppError> {
  const error = errorOfResponse(SERVICE, response, now);
  const isPrecondition = [403, 409, 412].includes(response.status);
  const body = isPrecondition ? (await textOf(response).catch(() => '')).slice(0, 4_096) : '';
  await response.body?.cancel().catch(() => undefined);
  // RFC 6578 section 3.2; Google answers 410.
  if (response.status === 410 || /valid-sync-token/.test(body)) {
    return new AppError(error.code, error.message, { reason: 'syncToken' });
  }
  if (error.code === 'unauthorized') {
    const message =
      'The CalDAV server did not accept the user name and password. Check both; iCloud, and Nextcloud with two-factor sign-in, want an app password.';
    return new AppError('unauthorized', message, { reason: 'password' });
  }
  return error;
}

/** CalDAV as far as reading goes (RFC 4791, 4918, 6578), over tsdav and our own `fetch`. Throws `AppError` only. */
export class CaldavClient {
  readonly #deps: CaldavDeps;
  readonly #username: string;
  readonly #agreed: URL;

  /** @param server the address that the person agreed to: where the password may go */
  constructor(username: string, server: string, deps: CaldavDeps) {
    this.#username = username;
    this.#agreed = serverUrl(server);
    this.#deps = deps;
  }

  get server(): URL {
    return this.#agreed;
  }

  /** @param props with their prefixes: `d`, `c`, `cs` */
  propfind(url: string, depth: '0' | '1', props: readonly string[], signal: AbortSignal): Promise<Multistatus> {
    const body = { propfind: { _attributes: NAMESPACES, prop: empties(props) } };
    return this.#request(url, 'PROPFIND', depth, DAV, body, signal);
  }

  /** Events that touch a time, with their text. */
  query(url: string, range: { readonly start: Date; readonly end: Date }, signal: AbortSignal): Promise<Multistatus> {
    const body = {
      'calendar-query': {
        _attributes: NAMESPACES,
        'd:prop': empties(['d:getetag', 'c:calendar-data']),
        filter: {
          'comp-filter': {
            _attributes: { name: 'VCALENDAR' },
            'comp-filter': {
              _attributes: { name: 'VEVENT' },
              'time-range': { _attributes: { start: stamp(range.start), end: stamp(range.end) } },
            },
          },
        },
      },
    };
    return this.#request(url, 'REPORT', '1', CALDAV, body, signal);
  }

  /** The text of some objects of a calendar, by the hrefs that the server gave. */
  multiget(url: string, hrefs: readonly string[], signal: AbortSignal): Promise<Multistatus> {
    const body = {
      'calendar-multiget': {
        _attributes: NAMESPACES,
        'd:prop': empties(['d:getetag', 'c:calendar-data']),
        'd:href': hrefs.map((_text) => ({ _text })),
      },
    };
    return this.#request(url, 'REPORT', '1', CALDAV, body, signal);
  }

  /** What has changed since `token`; without what it is now. A token that counts no more is reason `syncToken`. */
  changes(url: string, token: string, signal: AbortSignal): Promise<Multistatus> {
    const body = {
      'sync-collection': {
        _attributes: NAMESPACES,
        'sync-token': { _text: token },
        'sync-level': { _text: '1' },
        prop: empties(['d:getetag']),
      },
    };
    return this.#request(url, 'REPORT', '0', DAV, body, signal);
  }

  async #request(
    url: string,
    method: 'PROPFIND' | 'REPORT',
    depth: '0' | '1',
    namespace: DAVNamespaceShort,
    body: Xml,
    signal: AbortSignal,
  ): Promise<Multistatus> {
    const { davRequest } = await import('tsdav');
    let final = url;
    const fetch: Fetch = async (first, init) => {
      const { response, from } = await this.#fetch(first, init ?? {}, signal);
      final = from;
      return response;
    };
    let answers: Awaited<ReturnType<typeof DavRequest>>;
    try {
      answers = await davRequest({
        url,
        init: { method, headers: { depth }, namespace, body },
        fetch: fetch as typeof globalThis.fetch,
      });
    } catch (thrown) {
      // What tsdav itself throws may quote the answer.
      throw thrown instanceof AppError ? thrown : new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'));
    }
    const { multistatus } = parseAnswer(SERVICE, syncAnswer, answers[0]?.raw);
    // A multistatus without any response comes as one without an address.
    const responses = answers
      .filter(({ href }) => href !== undefined)
      .map((one) => parseAnswer(SERVICE, davResponse, one));
    return { url: final, responses, syncToken: multistatus.syncToken || null };
  }

  /** One call with the password, redirects followed as far as it may go. */
  async #fetch(
    first: string,
    init: RequestInit,
    signal: AbortSignal,
  ): Promise<{ readonly response: Response; readonly from: string }> {
    const credentials = Buffer.from(`${this.#username}:${await this.#deps.password()}`, 'utf8').toString('base64');
    let target = new URL(first);
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      if (!mayHavePassword(this.#agreed, target)) throw elsewhere();
      const headers = new Headers(init.headers);
      headers.set('authorization', `Basic ${credentials}`);
      const response = await call(this.#deps, SERVICE, target.href, { ...init, headers, redirect: 'manual', signal });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        target = new URL(location, target);
        continue;
      }
      if (!response.ok) throw await refusal(response, this.#deps.now());
      const text = await textOf(response);
      // Anything else, such as the page of a sign-in, would pass for an empty calendar, and half an answer for a whole one.
      if (response.status !== 207 || !WHOLE.test(text)) {
        throw new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'), { reason: 'notDav' });
      }
      const type = response.headers.get('content-type') ?? 'text/xml';
      return { response: new Response(text, { status: 207, headers: { 'content-type': type } }), from: target.href };
    }
    throw new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'), { reason: 'redirects' });
  }
}

const empties = (names: readonly string[]): Xml => Object.fromEntries(names.map((name) => [name, {}]));

/** RFC 5545 section 3.3.5, form 2. */
const stamp = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, '');

const elsewhere = (): AppError =>
  new AppError(
    'forbidden',
    'The CalDAV server points to another site, and your password was not sent there. Ask your provider for the full CalDAV address and enter that.',
    { reason: 'otherSite' },
  );

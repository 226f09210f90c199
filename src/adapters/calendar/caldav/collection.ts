import { AppError } from '../../../core/appError.ts';
import { DAY, type Interval } from '../../../core/time.ts';
import type { IcsCalendar } from '../icalendar/parse.ts';
import type { CaldavClient } from './client.ts';
import type { DavResponse } from './schema.ts';

/** Read beyond the window, so that it can slide for days at the cost of a small request. */
const BEFORE = 7 * DAY;
const AFTER = 28 * DAY;
/** Objects asked for at once. */
const MULTIGET = 100;
/** Parts of one long answer (RFC 6578 section 3.6). */
const MOST_PARTS = 50;

/** Reads one object's text; null for one that can't be read. */
export type ParseObject = (text: string) => IcsCalendar | null;

interface Item {
  readonly etag: string;
  /** Null when it can't be read. */
  readonly calendar: IcsCalendar | null;
}

/** What is known of the collection: nothing of it is kept on disk. */
interface Known {
  readonly items: ReadonlyMap<string, Item>;
  /** From the time when the items were read, or a little earlier. */
  readonly version: Version;
  readonly covered: Interval;
}

interface Version {
  readonly syncToken: string | null;
  readonly ctag: string | null;
}

/** One calendar collection, kept up to date with what has changed. Throws `AppError`. */
export class CaldavCollection {
  readonly url: string;
  readonly #client: CaldavClient;
  readonly #parse: ParseObject;
  #known: Known | null = null;

  constructor(url: string, client: CaldavClient, parse: ParseObject) {
    this.url = url;
    this.#client = client;
    this.#parse = parse;
  }

  /** By href, everything that may touch the window and perhaps more; null for what can't be read. */
  async read(window: Interval, signal: AbortSignal): Promise<ReadonlyMap<string, IcsCalendar | null>> {
    const known = this.#known;
    const isCovered = known !== null && known.covered.start <= window.start && window.end <= known.covered.end;
    this.#known = (isCovered ? await this.#update(known, signal) : null) ?? (await this.#readAll(window, signal));
    return new Map([...this.#known.items].map(([href, { calendar }]) => [href, calendar]));
  }

  /** What is known with what has changed; null when the server can't say. */
  async #update(known: Known, signal: AbortSignal): Promise<Known | null> {
    if (known.version.syncToken !== null) {
      try {
        return await this.#sync(known, known.version.syncToken, signal);
      } catch (error) {
        if (error instanceof AppError && error.reason === 'syncToken') return null;
        throw error;
      }
    }
    if (known.version.ctag === null) return null;
    const { ctag } = await this.#version(signal);
    return ctag === known.version.ctag ? known : null;
  }

  async #sync(known: Known, token: string, signal: AbortSignal): Promise<Known | null> {
    const items = new Map(known.items);
    const changed = new Set<string>();
    let syncToken = token;
    for (let part = 0; part < MOST_PARTS; part += 1) {
      const answer = await this.#client.changes(this.url, syncToken, signal);
      if (answer.syncToken === null) return null;
      const isEndless = answer.syncToken === syncToken;
      syncToken = answer.syncToken;
      let isCut = false;
      for (const { href, status, props } of answer.responses) {
        const path = pathOf(href, this.url);
        if (status === 507) isCut = true;
        else if (path === pathOf(this.url, this.url)) continue;
        else if (status === 404) {
          items.delete(path);
          changed.delete(path);
        } else if (props?.getetag === undefined || items.get(path)?.etag !== props.getetag) changed.add(path);
      }
      if (!isCut) break;
      // Asking the same question again would bring the same answer.
      if (isEndless || part === MOST_PARTS - 1) return null;
    }
    const hrefs = [...changed];
    for (let at = 0; at < hrefs.length; at += MULTIGET) {
      const asked = hrefs.slice(at, at + MULTIGET);
      const { responses } = await this.#client.multiget(this.url, asked, signal);
      // Gone since, or never a calendar object.
      for (const path of asked) items.delete(path);
      this.#take(responses, items);
    }
    return { ...known, items, version: { ...known.version, syncToken } };
  }

  async #readAll(window: Interval, signal: AbortSignal): Promise<Known> {
    // First the version: what changes in between is then told of once more.
    const version = await this.#version(signal);
    const covered = { start: window.start - BEFORE, end: window.end + AFTER };
    const range = { start: new Date(covered.start), end: new Date(covered.end) };
    const { responses } = await this.#client.query(this.url, range, signal);
    const items = new Map<string, Item>();
    this.#take(responses, items);
    return { items, version, covered };
  }

  async #version(signal: AbortSignal): Promise<Version> {
    const { responses } = await this.#client.propfind(this.url, '0', ['d:sync-token', 'cs:getctag'], signal);
    const props = responses[0]?.props;
    return { syncToken: props?.syncToken || null, ctag: props?.getctag || null };
  }

  #take(responses: readonly DavResponse[], items: Map<string, Item>): void {
    for (const { href, props } of responses) {
      if (props?.calendarData === undefined) continue;
      items.set(pathOf(href, this.url), { etag: props.getetag ?? '', calendar: this.#parse(props.calendarData) });
    }
  }
}

/** One form for an href: servers write it whole or as a path, and escape it in their own way. */
function pathOf(href: string, base: string): string {
  const { pathname } = new URL(href, base);
  try {
    return encodeURI(decodeURIComponent(pathname)).replaceAll(/[?#]/g, encodeURIComponent);
  } catch {
    return pathname;
  }
}

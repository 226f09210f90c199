import { createHash, randomBytes } from 'node:crypto';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import { buildCalendar, type VEventInput } from './icsText.ts';
import type { Journal } from './journal.ts';

/** The stand-in for a host of published calendars: each lives at an address nobody can guess. */
export interface IcsSandbox extends Service {
  /** Puts a calendar there (its text, or events to build it from) and returns its secret address. */
  publish(name: string, content: string | readonly VEventInput[]): string;
  /** The address of a published calendar. */
  address(name: string): string;
  /** Takes it away: 404 from now on. */
  unpublish(name: string): void;
  /** 401 for a calendar from now on, as when the person withdraws the address. */
  requireSignIn(name: string, required?: boolean): void;
}

interface Published {
  name: string;
  text: string;
  etag: string;
  modified: number;
  locked: boolean;
}

/** Seconds are all that an HTTP date holds. */
const httpDate = (ms: number) => new Date(ms).toUTCString();
const wholeSeconds = (ms: number) => Math.floor(ms / 1000) * 1000;

/** Starts the host. Answers GET and HEAD with ETag and Last-Modified, and honours the two conditional headers. */
export async function startIcs(
  options: { port?: number; journal?: Journal; now?: () => number } = {},
): Promise<IcsSandbox> {
  const now = options.now ?? Date.now;
  const bySecret = new Map<string, Published>();
  const secrets = new Map<string, string>();

  function read(request: SandboxRequest): SandboxAnswer {
    const found = bySecret.get(request.param('secret'));
    if (!found) return { status: 404, body: 'No such calendar.' };
    if (found.locked)
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="calendar"' }, body: 'Sign in.' };
    const headers = {
      etag: found.etag,
      'last-modified': httpDate(found.modified),
      'cache-control': 'no-cache, private',
    };
    const match = request.headers['if-none-match'];
    const since = request.headers['if-modified-since'];
    // RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match.
    const fresh =
      typeof match === 'string'
        ? match === '*' || match.split(',').some((tag) => tag.trim().replace(/^W\//, '') === found.etag)
        : typeof since === 'string' && Date.parse(since) >= wholeSeconds(found.modified);
    if (fresh) return { status: 304, headers };
    return { status: 200, headers: { ...headers, 'content-type': 'text/calendar; charset=utf-8' }, body: found.text };
  }

  const service = await startService({
    ...options,
    name: 'ics',
    routes: { 'GET /calendar/:secret/calendar.ics': read, 'HEAD /calendar/:secret/calendar.ics': read },
    notFound: () => ({ status: 404, body: 'Not found.' }),
  });

  function published(name: string): { secret: string; calendar: Published } {
    const secret = secrets.get(name);
    const calendar = secret === undefined ? undefined : bySecret.get(secret);
    if (secret === undefined || !calendar) throw new Error(`the sandbox publishes no calendar ${name}`);
    return { secret, calendar };
  }

  const address = (name: string) => `${service.url}/calendar/${published(name).secret}/calendar.ics`;

  return {
    ...service,
    address,
    publish(name, content) {
      const text = typeof content === 'string' ? content : buildCalendar(content);
      const secret = secrets.get(name) ?? randomBytes(24).toString('base64url');
      const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
      const before = bySecret.get(secret);
      const modified = before?.etag === etag ? before.modified : now();
      secrets.set(name, secret);
      bySecret.set(secret, { name, text, etag, modified, locked: before?.locked ?? false });
      return address(name);
    },
    unpublish: (name) => void bySecret.delete(published(name).secret),
    requireSignIn(name, required = true) {
      published(name).calendar.locked = required;
    },
  };
}

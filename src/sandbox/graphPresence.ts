import type { SandboxAccount } from './entraTokens.ts';
import { graphError, graphOk } from './graphAnswers.ts';
import { graphDateTime, isZone, parseEdge, zonedTime } from './graphTime.ts';
import type { SandboxAnswer, SandboxRequest } from './http.ts';

/** A pair of words, as Graph gives and takes them. */
export interface PresenceWords {
  availability: string;
  activity: string;
}

interface Person {
  /** What their Teams clients and calendar say; null while no client is signed in. */
  session: PresenceWords | null;
  preferred: (PresenceWords & { until: number }) | null;
  message: { content: string; until: number | null; published: number } | null;
}

/** Teams as the person uses it. Accounts are named by their address; default the first. */
export interface PresenceControl {
  /** The person sets a state by hand; null resets it. */
  setPreferred(words: PresenceWords | null, account?: string): void;
  /** What the clients and the calendar say; null signs all clients out. */
  setSession(words: PresenceWords | null, account?: string): void;
  setMessage(content: string, until?: number | null, account?: string): void;
  /** What other people see. */
  shown(account?: string): PresenceWords & { content: string; until: number | null };
}

type Guarded = (request: SandboxRequest, account: SandboxAccount) => SandboxAnswer;

/** The pairs of "presence: setUserPreferredPresence". */
const PAIRS = new Map([
  ['Available', 'Available'],
  ['Busy', 'Busy'],
  ['DoNotDisturb', 'DoNotDisturb'],
  ['BeRightBack', 'BeRightBack'],
  ['Away', 'Away'],
  ['Offline', 'OffWork'],
]);

const DAY = 86_400_000;
const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const MAX_MESSAGE = 280;
/** The directory of personal Microsoft accounts, for which the presence API is "Not supported". */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';

export const PRESENCE_READ = ['Presence.Read', 'Presence.Read.All', 'Presence.ReadWrite'];
export const PRESENCE_WRITE = ['Presence.ReadWrite'];

/** Milliseconds of an ISO 8601 duration; undefined when it is none. */
function durationOf(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || text.endsWith('T') || text === 'P') return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = match.map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

const badRequest = (message: string): SandboxAnswer => graphError(400, 'BadRequest', message);
const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Presence of the accounts of one Graph stand-in: its routes' handlers, and what the person does to it. */
export function createPresence(first: string, now: () => number) {
  const people = new Map<string, Person>();

  function person(account: string): Person {
    const known = people.get(account);
    if (known) return known;
    const made: Person = {
      session: { availability: 'Available', activity: 'Available' },
      preferred: null,
      message: null,
    };
    people.set(account, made);
    return made;
  }

  /** "Preferred presence takes effect only when at least one presence session exists." */
  function words({ session, preferred }: Person): PresenceWords {
    if (session === null) return { availability: 'Offline', activity: 'Offline' };
    if (preferred === null || preferred.until <= now()) return session;
    return { availability: preferred.availability, activity: preferred.activity };
  }

  const message = ({ message: kept }: Person) =>
    kept === null || (kept.until !== null && kept.until <= now()) ? null : kept;

  const supported =
    (handler: Guarded): Guarded =>
    (request, account) =>
      account.tenantId === PERSONAL
        ? graphError(403, 'Forbidden', 'The presence API is not supported for personal Microsoft accounts.')
        : handler(request, account);

  const get: Guarded = (_request, account) => {
    const one = person(account.username);
    const shown = message(one);
    return graphOk({
      '@odata.context': "https://graph.microsoft.com/v1.0/$metadata#users('me')/presence/$entity",
      id: account.oid,
      ...words(one),
      outOfOfficeSettings: { isOutOfOffice: false, message: null },
      statusMessage: shown && {
        message: { content: shown.content, contentType: 'text' },
        expiryDateTime: shown.until === null ? null : graphDateTime(new Date(shown.until), 'UTC'),
        publishedDateTime: new Date(shown.published).toISOString(),
      },
    });
  };

  const setPreferred: Guarded = ({ json }, account) => {
    const { availability, activity, expirationDuration } = fieldsOf(json);
    if (PAIRS.get(String(availability)) !== activity) {
      return badRequest(
        `The combination of availability '${availability}' and activity '${activity}' is not supported.`,
      );
    }
    const usual = availability === 'Busy' || availability === 'DoNotDisturb' ? DAY : 7 * DAY;
    const duration = expirationDuration == null ? usual : durationOf(String(expirationDuration));
    if (duration === undefined || duration <= 0) return badRequest('The value of expirationDuration is not valid.');
    const kept = { availability: String(availability), activity: String(activity), until: now() + duration };
    person(account.username).preferred = kept;
    return { status: 200 };
  };

  const clearPreferred: Guarded = (_request, account) => {
    person(account.username).preferred = null;
    return { status: 200 };
  };

  const setMessage: Guarded = ({ json }, account) => {
    const given = fieldsOf(fieldsOf(json)['statusMessage']);
    const { content, contentType } = fieldsOf(given['message']);
    if (typeof content !== 'string' || contentType !== 'text') {
      return badRequest("The only supported format of the status message is contentType 'text'.");
    }
    if (content.length > MAX_MESSAGE) return badRequest('The status message is too long.');
    let until: number | null = null;
    if (given['expiryDateTime'] != null) {
      const { dateTime, timeZone } = fieldsOf(given['expiryDateTime']);
      const zone = String(timeZone ?? 'UTC');
      // "expiryDateTime.dateTime shouldn't include time zone."
      if (typeof dateTime !== 'string' || parseEdge(`${dateTime}Z`) === undefined || !isZone(zone)) {
        return badRequest('The value of expiryDateTime is not valid.');
      }
      until = zonedTime(dateTime, zone);
      if (until <= now()) return badRequest('The value of expiryDateTime is in the past.');
    }
    person(account.username).message = content === '' ? null : { content, until, published: now() };
    return { status: 200 };
  };

  const control: PresenceControl = {
    setPreferred(given, account = first) {
      person(account).preferred = given && { ...given, until: now() + 7 * DAY };
    },
    setSession(given, account = first) {
      person(account).session = given;
    },
    setMessage(content, until = null, account = first) {
      person(account).message = content === '' ? null : { content, until, published: now() };
    },
    shown(account = first) {
      const one = person(account);
      const { content = '', until = null } = message(one) ?? {};
      return { ...words(one), content, until };
    },
  };

  return {
    control,
    handlers: {
      get: supported(get),
      setPreferred: supported(setPreferred),
      clearPreferred: supported(clearPreferred),
      setMessage: supported(setMessage),
    },
  };
}

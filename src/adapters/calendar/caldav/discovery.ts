import { AppError } from '../../../core/appError.ts';
import { serviceMessage } from '../../http.ts';
import { type CaldavClient, type Multistatus, SERVICE } from './client.ts';
import type { DavProperties } from './schema.ts';

/** A calendar of the account. */
export interface CaldavCalendar {
  readonly url: string;
  /** What the person calls it; empty for none. */
  readonly name: string;
}

export interface Discovered {
  readonly calendars: readonly CaldavCalendar[];
  /** The person's own address, which finds them among attendees; empty when the server does not tell it. */
  readonly owner: string;
}

const WELL_KNOWN = '/.well-known/caldav';

/** What this place can't answer; another may. */
const isElsewhere = (error: unknown): boolean =>
  error instanceof AppError && ['notFound', 'invalidInput', 'badResponse', 'forbidden'].includes(error.code);

const resolve = (href: string | undefined, base: string): string | null =>
  href === undefined || href === '' ? null : new URL(href, base).href;

const propsOf = ({ responses }: Multistatus): DavProperties => responses[0]?.props ?? {};

/** The person's principal (RFC 5397), or a home that the address itself has. */
async function principalOf(client: CaldavClient, signal: AbortSignal): Promise<{ url: string; props: DavProperties }> {
  const given = client.server;
  const wellKnown = new URL(WELL_KNOWN, given).href;
  // RFC 6764 section 6: a bare host is asked for the place, a path is one.
  const places = given.pathname === '/' ? [wellKnown, given.href] : [given.href, wellKnown];
  let failure: unknown = null;
  for (const place of places) {
    try {
      const answer = await client.propfind(place, '0', ['d:current-user-principal', 'c:calendar-home-set'], signal);
      const props = propsOf(answer);
      const { currentUserPrincipal: principal, calendarHomeSet: home } = props;
      if (principal !== undefined && 'unauthenticated' in principal && principal.unauthenticated !== undefined) {
        throw new AppError('unauthorized', serviceMessage(SERVICE, 'unauthorized'), { reason: 'password' });
      }
      const url = resolve(principal?.href, answer.url);
      if (url !== null) return { url, props };
      if (home?.href !== undefined) return { url: answer.url, props };
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      failure ??= error;
    }
  }
  if (failure instanceof AppError && failure.code !== 'invalidInput') throw failure;
  throw new AppError('notFound', 'There is no CalDAV server at this address. Check it in the preferences.', {
    reason: 'notCaldav',
  });
}

function isEventCalendar({ resourcetype, supportedCalendarComponentSet: components }: DavProperties): boolean {
  if (resourcetype === undefined || !('calendar' in resourcetype)) return false;
  const names = components?.comp?.map(({ _attributes }) => _attributes.name.toUpperCase());
  return names === undefined || names.includes('VEVENT');
}

const isMail = (address: string | undefined): address is string => /^mailto:.+@/i.test(address ?? '');

/**
 * Finds the person's calendars: principal, calendar homes, collections that take events (RFC 6764, 5397, 4791 section
 * 6.2.1). Throws `AppError`.
 */
export async function discover(client: CaldavClient, signal: AbortSignal): Promise<Discovered> {
  const principal = await principalOf(client, signal);
  const asked = await client.propfind(
    principal.url,
    '0',
    ['c:calendar-home-set', 'c:calendar-user-address-set'],
    signal,
  );
  const { calendarHomeSet, calendarUserAddressSet } = propsOf(asked);
  const homes = (calendarHomeSet?.href ?? []).flatMap((home) => resolve(home, asked.url) ?? []);
  const calendars: CaldavCalendar[] = [];
  for (const home of homes) {
    const props = ['d:resourcetype', 'd:displayname', 'c:supported-calendar-component-set'];
    const { url, responses } = await client.propfind(home, '1', props, signal);
    for (const { href, props: found } of responses) {
      if (found === undefined || !isEventCalendar(found)) continue;
      calendars.push({ url: new URL(href, url).href, name: found.displayname ?? '' });
    }
  }
  if (calendars.length === 0) {
    const message = 'The CalDAV server knows of no calendar of yours. Check the address and the user name.';
    throw new AppError('notFound', message, { reason: 'noCalendars' });
  }
  const mail = calendarUserAddressSet?.href?.find(isMail) ?? '';
  return { calendars, owner: mail.replace(/^mailto:/i, '') };
}

/**
 * The ids of chosen calendars: Graph's own id for one of the person's; `users/{id or address}` for somebody's default calendar
 * and `users/{id or address}/calendars/{id}` for another one of theirs; `shared/{id}` for one of somebody else that is in the
 * person's own list.
 */
const OF_OTHERS = /^users\/([^/]+)(?:\/calendars\/(.+))?$/;
const SHARED = 'shared/';

export const sharedId = (id: string): string => `${SHARED}${id}`;

/** Whether a calendar is somebody else's. */
export const isShared = (id: string): boolean => id.startsWith(SHARED) || OF_OTHERS.test(id);

/** The path of its view under Graph's version; empty stands for the person's default calendar. */
export function viewPath(id: string): string {
  if (id === '') return '/me/calendarView';
  const [, user, calendar] = OF_OTHERS.exec(id) ?? [];
  const root = user === undefined ? '/me' : `/users/${encodeURIComponent(user)}`;
  const own = user === undefined ? id.replace(new RegExp(`^${SHARED}`), '') : calendar;
  return `${root}${own === undefined ? '' : `/calendars/${encodeURIComponent(own)}`}/calendarView`;
}

/** What a person can make of an id without asking Graph; null where it says nothing. */
export const namedBy = (id: string): string | null => OF_OTHERS.exec(id)?.[1] ?? null;

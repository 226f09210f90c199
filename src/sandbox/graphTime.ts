/** Windows names the stand-in knows besides every IANA name (Unicode CLDR, windowsZones). */
const WINDOWS: Record<string, string> = {
  UTC: 'Etc/UTC',
  'GMT Standard Time': 'Europe/London',
  'W. Europe Standard Time': 'Europe/Berlin',
  'Romance Standard Time': 'Europe/Paris',
  'Central European Standard Time': 'Europe/Warsaw',
  'FLE Standard Time': 'Europe/Kiev',
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Mountain Standard Time': 'America/Denver',
  'Pacific Standard Time': 'America/Los_Angeles',
  'India Standard Time': 'Asia/Calcutta',
  'China Standard Time': 'Asia/Shanghai',
  'Tokyo Standard Time': 'Asia/Tokyo',
  'AUS Eastern Standard Time': 'Australia/Sydney',
  'New Zealand Standard Time': 'Pacific/Auckland',
};

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: WINDOWS[zone] ?? zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/** Is it a zone name that Graph takes (Windows or IANA)? */
export function isZone(zone: string): boolean {
  try {
    return zone !== '' && format(zone) !== undefined;
  } catch {
    return false;
  }
}

/** Graph's `dateTimeTimeZone`: local time in the zone, seven fractional digits, no offset. */
export function graphDateTime(instant: Date, zone: string): { dateTime: string; timeZone: string } {
  if (zone === 'UTC') return { dateTime: `${instant.toISOString().slice(0, 23)}0000`, timeZone: zone };
  const parts = new Map(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '00';
  const fraction = String(((instant.getTime() % 1000) + 1000) % 1000).padStart(3, '0');
  const day = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  const time = `${part('hour')}:${part('minute')}:${part('second')}`;
  return { dateTime: `${day}T${time}.${fraction}0000`, timeZone: zone };
}

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A window's edge: its own offset counts, none means UTC. Undefined when it is no ISO 8601 time. */
export function parseEdge(text: string): number | undefined {
  if (!ISO.test(text)) return undefined;
  const full = text.includes('T') ? text : `${text}T00:00`;
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(full) ? full : `${full}Z`;
  const instant = Date.parse(zoned.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(instant) ? undefined : instant;
}

/** The instant of a local time without offset in a zone: the one whose rendering in that zone is the same text. */
export function zonedTime(local: string, zone: string): number {
  const wall = Date.parse(`${local.replace(/(\.\d{3})\d+$/, '$1')}Z`);
  let instant = wall;
  for (let round = 0; round < 2; round++) {
    const shown = Date.parse(`${graphDateTime(new Date(instant), zone).dateTime.slice(0, 23)}Z`);
    instant += wall - shown;
  }
  return instant;
}

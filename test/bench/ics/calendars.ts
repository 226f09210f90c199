import { DAY, HOUR } from '../../../src/core/time.ts';
import { buildCalendar } from '../../../src/sandbox/icsText.ts';

/** The day that is read: a Monday in January. */
export const TODAY = Date.UTC(2026, 0, 5);

/** A zone as Outlook writes one that somebody made by hand: its rules have to be followed for every event. */
const CUSTOM_ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Customized Time Zone',
  'BEGIN:STANDARD',
  'DTSTART:16011028T030000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010325T020000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];

const stamp = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');

const DESCRIPTION = `DESCRIPTION:${'Agenda and notes of the meeting\\, as people paste them. '.repeat(8)}`;

/** One event as Outlook writes it, `index` hours of work into `from`; every tenth lies in the made-up zone. */
function event(index: number, from: number, lines: readonly string[] = []) {
  const start = from + Math.floor(index / 8) * DAY + (8 + (index % 8)) * HOUR;
  const uid = `event-${index}-${from}@contoso.example`;
  const common = { uid, summary: `Meeting ${index}`, busyStatus: 'BUSY' as const, lines: [DESCRIPTION, ...lines] };
  return { ...common, start: new Date(start), end: new Date(start + HOUR), attendees: ['grace@contoso.example'] };
}

const inZone = (text: string): string => {
  let seen = 0;
  return text.replaceAll(/^(DTSTART|DTEND):(\d{8}T\d{6})Z/gm, (line, name: string, at: string) => {
    if (name === 'DTSTART') seen += 1;
    return seen % 10 === 0 ? `${name};TZID="Customized Time Zone":${at}` : line;
  });
};

/** Single events, eight a day, around today. */
export const singles = (count: number): string =>
  inZone(
    buildCalendar(
      Array.from({ length: count }, (_, index) => event(index, TODAY - Math.floor(count / 16) * DAY)),
      CUSTOM_ZONE,
    ),
  );

const RULES = ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=MONTHLY;BYDAY=1MO', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'];

/** Series that began `years` ago and go on, each with ten left-out days of the last year and three moved ones. */
export function series(count: number, years: number): string {
  const began = TODAY - Math.round(years * 365.25) * DAY;
  return inZone(
    buildCalendar(
      Array.from({ length: count }, (_, index) => {
        const made = event(index % 8, began, [
          `EXDATE:${Array.from({ length: 10 }, (_day, past) => stamp(TODAY - (past + 1) * 30 * DAY + 8 * HOUR)).join(',')}`,
        ]);
        return { ...made, uid: `series-${index}`, rrule: RULES[index % RULES.length] ?? 'FREQ=DAILY' };
      }).flatMap((master, index) => [
        master,
        ...[1, 2, 3].map((week) => {
          const start = TODAY + week * 7 * DAY + (8 + (index % 8)) * HOUR;
          const { rrule: _rule, lines: _lines, ...single } = master;
          const moved = { start: new Date(start + 2 * HOUR), end: new Date(start + 3 * HOUR) };
          return { ...single, ...moved, lines: [`RECURRENCE-ID:${stamp(start)}`] };
        }),
      ]),
      CUSTOM_ZONE,
    ),
  );
}

/** One that began long ago and is counted: each occurrence since has to be. */
export const counted = (years: number): string => {
  const began = TODAY - Math.round(years * 365.25) * DAY;
  return buildCalendar([{ ...event(0, began), rrule: `FREQ=DAILY;COUNT=${Math.round(years * 366)}` }]);
};

// What a careful person would want shown at every moment, given the true calendar of that moment and their own word: the
// policy of DESIGN 4.2 and 4.4, worked out on its own. It shares no code with `src/core`.
import {
  type At,
  type Entry,
  MEETING_TEXT,
  OOF_TEXT,
  type Shot,
  type Shown,
  TrueCalendars,
  UNSET,
  type WorkingDay,
} from './day.ts';

/** Whether an entry means "not available" to those who look at the chat. */
function counts({ isCancelled, isDeclined, isAllDay, showAs, start, end }: Entry): boolean {
  if (isCancelled || isDeclined || end <= start) return false;
  return showAs === 'oof' || (showAs === 'busy' && !isAllDay);
}

/** What makes it the same meeting later on: a moved one is another, an extended one is not. */
const nameOf = ({ uid, start }: Entry): string => `${uid} ${start}`;

const isOn = ({ start, end }: Entry, at: At): boolean => start <= at && at < end;

/** Adds to `silent` every meeting that overlaps one that is silent and not over, again and again. */
function spread(silent: Set<string>, meetings: readonly Entry[], at: At): void {
  for (let grew = true; grew; ) {
    const live = meetings.filter((meeting) => meeting.end > at && silent.has(nameOf(meeting)));
    const joining = meetings.filter(
      (meeting) =>
        meeting.end > at &&
        !silent.has(nameOf(meeting)) &&
        live.some(({ start, end }) => start < meeting.end && meeting.start < end),
    );
    for (const meeting of joining) silent.add(nameOf(meeting));
    grew = joining.length > 0;
  }
}

/** The right presence over the whole day; each shot differs from the one before. */
export function truth(day: WorkingDay): readonly Shot[] {
  const moments = new Set([day.start]);
  const note = ({ start, end }: Entry) => {
    for (const at of [start, end]) if (at > day.start && at < day.end) moments.add(at);
  };
  for (const entry of day.entries) note(entry);
  for (const happening of day.happenings) {
    moments.add(happening.at);
    if (happening.kind === 'calendar') for (const entry of happening.entries) note(entry);
  }
  const calendars = new TrueCalendars(day.entries);
  const pending = [...day.happenings];
  const silent = new Set<string>();
  const shots: Shot[] = [];
  let own: Shown = UNSET;
  for (const at of [...moments].sort((a, b) => a - b)) {
    let hasSpoken = false;
    for (let next = pending[0]; next !== undefined && next.at <= at; next = pending[0]) {
      pending.shift();
      if (next.kind === 'calendar') calendars.put(next.entries);
      if (next.kind !== 'person') continue;
      own = next.shown;
      hasSpoken = true;
    }
    const meetings = calendars.entries.filter(counts);
    // Do not disturb by hand is a word on the meeting that starts under it, too.
    if (hasSpoken || own.state === 'dnd') {
      for (const meeting of meetings) if (isOn(meeting, at)) silent.add(nameOf(meeting));
    }
    spread(silent, meetings, at);
    const live = meetings.filter((meeting) => isOn(meeting, at) && !silent.has(nameOf(meeting)));
    const shown = rightNow(live, own);
    const last = shots.at(-1)?.shown;
    if (last?.state !== shown.state || last.text !== shown.text) shots.push({ at, shown });
  }
  return shots;
}

/** @param own what the person set last; a text of theirs stays during meetings */
function rightNow(live: readonly Entry[], own: Shown): Shown {
  if (live.length === 0) return own;
  const isAway = live.some(({ showAs }) => showAs === 'oof');
  return { state: isAway ? 'away' : 'dnd', text: own.text || (isAway ? OOF_TEXT : MEETING_TEXT) };
}

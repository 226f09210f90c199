/**
 * How days are: the assumptions of the bench, in one place. Nobody publishes such rates; these are our estimate of an
 * office day, written down before the first run and not fitted to any aim. Probabilities are per item unless it says "a day".
 */
export const RATES = {
  /** Meetings in the main calendar, a day. */
  meetings: [2, 8],
  lengths: [
    [10, 15],
    [12, 25],
    [35, 30],
    [8, 45],
    [8, 50],
    [22, 60],
    [5, 90],
  ],
  /** Minutes past the hour at which meetings start. */
  starts: [
    [50, 0],
    [32, 30],
    [7, 15],
    [7, 45],
    [2, 5],
    [2, 10],
  ],
  showAs: [
    [82, 'busy'],
    [8, 'tentative'],
    [5, 'free'],
    [2, 'oof'],
    [3, 'workingElsewhere'],
  ],
  solo: 0.15,
  declined: 0.04,
  /** All-day entries, a day. */
  allDay: { busy: 0.05, oof: 0.03, free: 0.08 },
  /** Number of calendars. */
  calendars: [
    [65, 1],
    [29, 2],
    [6, 3],
  ],
  /** A meeting of the main calendar is in another one, too. */
  copied: 0.2,
  /** Put into the calendar on the day itself, a day; minutes before its start. */
  addedAhead: 0.5,
  /** Put into the calendar when it has just begun, a day. */
  addedAtOnce: 0.1,
  cancelled: { ahead: 0.05, lastMinutes: 0.01, afterStart: 0.005 },
  moved: 0.05,
  /** Extended during it, or after its end had passed. */
  extended: { during: 0.05, after: 0.01 },
  /** Its end is set earlier while it is on. */
  shortened: 0.02,
  declinedLater: 0.01,
  /** Times the person sets the chat by hand outside of meetings, and in the middle of one: a day. */
  byHand: { outside: 0.6, during: 0.3 },
  /** It is taken back by hand later on. */
  takenBack: 0.7,
  /** A laptop that sleeps at night; the others never do. */
  sleepsAtNight: 0.8,
  /** A closed lid during the day, a day. */
  naps: 0.5,
} as const;

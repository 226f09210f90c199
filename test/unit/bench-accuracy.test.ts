import { describe, expect, it } from 'vitest';
import { bench, OURS } from '../bench/accuracy/bench.ts';
import { type Entry, type Happening, MEETING_TEXT, MINUTE, OOF_TEXT, type WorkingDay } from '../bench/accuracy/day.ts';
import { makeDay } from '../bench/accuracy/days.ts';
import { runOurs } from '../bench/accuracy/ours.ts';
import { aims, summarize, table } from '../bench/accuracy/report.ts';
import { asReadAt, score } from '../bench/accuracy/score.ts';
import { truth } from '../bench/accuracy/truth.ts';

const at = (clock: string): number => Date.parse(`2026-01-05T${clock}Z`);

const entry = (id: string, start: string, end: string, more: Partial<Entry> = {}): Entry => ({
  id,
  uid: id,
  calendar: 0,
  start: at(`${start}:00`),
  end: at(`${end}:00`),
  isAllDay: false,
  showAs: 'busy',
  isCancelled: false,
  isRemoved: false,
  isDeclined: false,
  others: 2,
  ...more,
});

function day(entries: readonly Entry[], happenings: readonly Happening[]): WorkingDay {
  const start = at('00:00:00');
  return { start, end: start + 24 * 60 * MINUTE, calendars: 1, sleepsAtNight: true, entries, happenings };
}

const available = { state: 'available', text: '' } as const;
const inMeeting = { state: 'dnd', text: MEETING_TEXT } as const;

/** A day with a bit of everything. */
const standup = entry('standup', '09:00', '09:15');
const review = entry('review', '10:00', '11:00');
const HAND_WRITTEN = day(
  [
    standup,
    entry('birthday', '00:00', '00:00', { isAllDay: true, end: at('00:00:00') + 24 * 60 * MINUTE }),
    entry('declined', '09:30', '09:45', { isDeclined: true }),
    review,
    entry('overlapping review', '10:30', '11:30'),
    entry('after that', '11:30', '12:00'),
    entry('maybe', '12:30', '13:00', { showAs: 'tentative' }),
    entry('alone', '13:30', '14:00', { others: 0 }),
    entry('dentist', '13:45', '14:30', { showAs: 'oof' }),
    entry('focus', '16:00', '16:30'),
    entry('one to one', '17:00', '17:30'),
  ],
  [
    { at: at('00:00:00'), kind: 'sleep' },
    { at: at('08:00:00'), kind: 'wake' },
    { at: at('09:10:20'), kind: 'calendar', change: 'extended', entries: [{ ...standup, end: at('09:25:00') }] },
    // In the middle of the review: hands off until 11:30, when what overlaps it ends; then the next one counts.
    { at: at('10:20:05'), kind: 'person', shown: { state: 'away', text: 'Back soon' } },
    { at: at('12:10:00'), kind: 'person', shown: available },
    { at: at('14:58:40'), kind: 'calendar', change: 'added', entries: [entry('at once', '14:55', '15:10')] },
    // Do not disturb by hand before a meeting is a word on it.
    { at: at('15:50:00'), kind: 'person', shown: { state: 'dnd', text: '' } },
    { at: at('16:40:00'), kind: 'person', shown: available },
    {
      at: at('17:15:30'),
      kind: 'calendar',
      change: 'cancelled',
      entries: [entry('one to one', '17:00', '17:30', { isCancelled: true })],
    },
    { at: at('18:00:00'), kind: 'sleep' },
  ],
);

describe('the ground truth', () => {
  it('is exactly right on a day written by hand', () => {
    const away = { state: 'away', text: 'Back soon' };
    expect(truth(HAND_WRITTEN)).toEqual([
      { at: at('00:00:00'), shown: available },
      { at: at('09:00:00'), shown: inMeeting },
      { at: at('09:25:00'), shown: available },
      { at: at('10:00:00'), shown: inMeeting },
      { at: at('10:20:05'), shown: away },
      // Own words stay during a meeting.
      { at: at('11:30:00'), shown: { state: 'dnd', text: 'Back soon' } },
      { at: at('12:00:00'), shown: away },
      { at: at('12:10:00'), shown: available },
      { at: at('13:30:00'), shown: inMeeting },
      { at: at('13:45:00'), shown: { state: 'away', text: OOF_TEXT } },
      { at: at('14:30:00'), shown: available },
      { at: at('14:58:40'), shown: inMeeting },
      { at: at('15:10:00'), shown: available },
      { at: at('15:50:00'), shown: { state: 'dnd', text: '' } },
      { at: at('16:40:00'), shown: available },
      { at: at('17:00:00'), shown: inMeeting },
      { at: at('17:15:30'), shown: available },
    ]);
  });

  it('scores wrong time to the millisecond, awake and asleep apart', () => {
    const right = truth(HAND_WRITTEN);
    expect(score(HAND_WRITTEN, right, right)).toEqual({ awake: 0, awakeWithText: 0, asleep: 0, causes: {} });
    const stuck = [...right.filter((shot) => shot.at < at('17:15:30'))];
    const wrong = score(HAND_WRITTEN, right, stuck);
    expect(wrong.awake).toBe(at('18:00:00') - at('17:15:30'));
    expect(wrong.asleep).toBe(6 * 60 * MINUTE);
    expect(wrong.causes).toEqual({ cancelled: wrong.awake });
  });

  it('is what the engine shows, but for what it cannot know before the next mark', async () => {
    const run = await runOurs(HAND_WRITTEN, 5 * MINUTE);
    const right = truth(HAND_WRITTEN);
    const { awake, causes } = score(HAND_WRITTEN, right, run.shots);
    const floor = score(HAND_WRITTEN, right, truth(asReadAt(HAND_WRITTEN, run.calendarReadsAt)));
    // 14:58:40 is seen at 15:00, 17:15:30 at 17:20.
    expect(Math.abs(floor.awake / 1000 - (80 + 270))).toBeLessThan(2);
    // `decision`: at 9:15 the extension is not known yet, and taken in a moment later.
    expect(Object.keys(causes).sort()).toEqual(['added', 'cancelled', 'decision', 'edge']);
    expect(awake - floor.awake).toBeLessThan(10_000);
  });
});

describe('the generated days', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(makeDay(7, 3)).toEqual(makeDay(7, 3));
    expect(makeDay(7, 3).entries).not.toEqual(makeDay(8, 3).entries);
  });
});

describe('the bench', () => {
  it('finds ours better than every model, on all days and on plain ones', async () => {
    for (const plain of [false, true]) {
      const summaries = (await bench({ days: 5, seed: 11, plain })).map(summarize);
      const [usual, ...others] = summaries.filter(({ name }) => name !== OURS[1].name);
      expect(others).toHaveLength(3);
      for (const other of others) expect(usual?.wrong.mean).toBeLessThan(other.wrong.mean);
      expect(usual?.wrong.mean).toBeGreaterThanOrEqual(usual?.floor ?? Number.NaN);
      expect(table(summaries).split('\n')).toHaveLength(6);
      expect(aims(summaries).map(({ name }) => name)).toHaveLength(5);
    }
  }, 60_000);
});

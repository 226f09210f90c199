import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/appError.ts';
import { rules } from '../../../../src/core/rules.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/settings.ts';
import { nothingSaid, type PersonRecord, type Said } from '../../../../src/hub/model.ts';
import { readAgainAt } from '../../../../src/hub/sync/backOff.ts';
import { decide, nextDecision, type Policy, spansOf } from '../../../../src/hub/sync/decide.ts';
import { NO_VIEW, type View } from '../../../../src/hub/sync/model.ts';
import { readView } from '../../../../src/hub/sync/viewSchema.ts';
import { meeting } from '../../../fakes/events.ts';

const HOUR = 3_600_000;
const at = (time: string) => Date.parse(`2026-01-05T${time}:00Z`);
const policy: Policy = { rules: rules.parse({}), told: DEFAULT_SETTINGS, zone: 'UTC' };
const viewOf = (...events: ReturnType<typeof meeting>[]): View => ({
  ...NO_VIEW,
  zone: 'UTC',
  readAt: at('09:00'),
  reported: [at('09:00') + 24 * HOUR],
  spans: spansOf(events, policy.rules, 'UTC'),
});

const record = (said: Partial<Said> = {}, rest: Partial<PersonRecord> = {}): PersonRecord => ({
  person: { id: 'p1', email: 'p@x', name: '', identities: [] },
  said: { ...nothingSaid(at('00:00')), ...said },
  day: [],
  reporting: false,
  reportedUntil: null,
  event: 7,
  ...rest,
});
const reporting = { reporting: true, reportedUntil: at('09:00') + 24 * HOUR };
const ten = viewOf(meeting('10:00', '11:00'));

describe('what organisation sync says', () => {
  it('says nothing of whom it never read, or not for a day', () => {
    expect(decide(record(), NO_VIEW, policy, at('09:00'))).toBeNull();
    expect(decide(record(), { ...NO_VIEW, failures: 3, code: 'network' }, policy, at('09:00'))).toBeNull();
    expect(decide(record(), ten, policy, at('09:00') + 24 * HOUR)).toBeNull();
    expect(decide(record(), ten, policy, at('09:00') + 24 * HOUR - 1)).not.toBeNull();
  });

  it('says what the calendar says, with the end of it and the rest of the day, over this version only', () => {
    expect(decide(record(), ten, policy, at('10:30'))).toEqual({
      presence: { state: 'dnd', text: 'In a meeting', emoji: ':spiral_calendar_pad:', until: at('11:00') },
      source: 'calendar',
      day: [{ start: at('10:00'), end: at('11:00'), state: 'dnd' }],
      reportedUntil: at('09:00') + 24 * HOUR,
      ifEvent: 7,
    });
    expect(decide(record(), ten, policy, at('11:00'))).toMatchObject({
      presence: { state: 'available', text: '', until: null },
      day: [],
    });
  });

  it('gives one end to what follows without a gap, so that nothing flaps in between', () => {
    const view = viewOf(meeting('10:00', '11:00'), meeting('11:00', '12:00', { showAs: 'oof' }));
    expect(decide(record(), view, policy, at('10:30'))?.presence).toMatchObject({ state: 'dnd', until: at('12:00') });
    expect(decide(record(), view, policy, at('11:30'))?.presence).toMatchObject({ state: 'away', until: at('12:00') });
    expect(nextDecision(record(), view, at('10:30'))).toBe(at('11:00'));
  });

  it('tells today only, in the zone of the person', () => {
    const view = viewOf(meeting('10:00', '11:00'), meeting('20:00', '21:00'));
    const tokyo = { ...view, zone: 'Asia/Tokyo' };
    expect(decide(record(), view, policy, at('09:00'))?.day).toHaveLength(2);
    expect(decide(record(), tokyo, policy, at('09:00'))?.day).toHaveLength(1);
  });

  it('is silent while nothing is new, and renews its report in time', () => {
    const said = decide(record(), ten, policy, at('10:30'));
    const after = record({ ...said?.presence, source: 'calendar' }, { ...reporting, day: said?.day ?? [] });
    expect(decide(after, ten, policy, at('10:45'))).toBeNull();
    const read: { -readonly [Name in keyof View]: View[Name] } = { ...ten, readAt: at('10:45') };
    expect(decide(after, read, policy, at('10:45'))).toBeNull();
    const old = { ...after, reportedUntil: at('22:00') };
    read.reported = [at('22:00')];
    expect(decide(old, read, policy, at('10:45'))).toEqual({
      source: 'calendar',
      day: said?.day,
      reportedUntil: at('10:45') + 24 * HOUR,
      ifEvent: 7,
    });
    // What the hub has ended by itself is as it should be.
    expect(decide(record({}, { ...reporting }), ten, policy, at('11:30'))).toBeNull();
  });
});

describe('what others say', () => {
  const app = { state: 'available', text: 'Free', source: 'app', changedAt: at('09:30') } as const;
  const away = { state: 'away', text: 'Lunch', source: 'command' } as const;

  it('is left to an app for as long as it reports', () => {
    expect(decide(record(app, reporting), ten, policy, at('10:30'))).toBeNull();
    expect(decide(record(app), ten, policy, at('10:30'))?.presence?.state).toBe('dnd');
    expect(decide(record(app), ten, policy, at('09:45'))?.presence?.text).toBe('');
  });

  it('is left to an app that only says it is there, or whose word the hub has ended', () => {
    const pinged = { reporting: true, reportedUntil: at('10:40') };
    const calendar = { state: 'dnd', text: 'In a meeting', source: 'calendar', until: at('11:00') } as const;
    expect(decide(record(calendar, pinged), ten, policy, at('10:30'))).toBeNull();
    expect(decide(record({}, pinged), ten, policy, at('10:30'))).toBeNull();
    // Either of our last two reports is ours.
    const twice = { ...ten, reported: [at('23:00'), at('10:40')] };
    expect(decide(record({}, pinged), twice, policy, at('10:30'))?.presence?.state).toBe('dnd');
    // Nothing was kept of what we said.
    expect(decide(record(calendar, pinged), { ...ten, reported: [] }, policy, at('10:30'))).not.toBeNull();
    expect(decide(record({}, pinged), { ...ten, reported: [] }, policy, at('10:30'))).toBeNull();
  });

  it('stands by hand until its end', () => {
    const said = { ...away, until: at('10:45'), changedAt: at('09:30') };
    expect(decide(record(said, reporting), ten, policy, at('10:44'))?.presence).toBeUndefined();
    expect(decide(record(said, reporting), ten, policy, at('10:45'))?.presence?.state).toBe('dnd');
    expect(nextDecision(record(said, reporting), ten, at('10:30'))).toBe(at('10:45'));
  });

  it.each([
    ['before a meeting, until that begins', '09:30', '09:59', '10:00', 'dnd'],
    ['in a meeting, until that ends', '10:30', '10:59', '11:00', 'available'],
  ])('stands by hand without an end: said %s', (_, said, last, first, then) => {
    const given = record({ ...away, changedAt: at(said) }, { ...reporting, reportedUntil: at(last) });
    // It is kept from running out.
    expect(decide(given, ten, policy, at(last))).toEqual({
      source: 'command',
      day: last === '10:59' || last === '09:59' ? [{ start: at('10:00'), end: at('11:00'), state: 'dnd' }] : [],
      reportedUntil: at('09:00') + 24 * HOUR,
      ifEvent: 7,
    });
    expect(decide(given, ten, policy, at(first))?.presence?.state).toBe(then);
  });

  it('stands after the last meeting too, and nobody who was signed off is brought back', () => {
    const given = { ...away, changedAt: at('11:30') };
    expect(decide(record(given, { ...reporting, reportedUntil: at('12:00') }), ten, policy, at('20:00'))).toEqual(
      expect.not.objectContaining({ presence: expect.anything() }),
    );
    expect(decide(record(given), ten, policy, at('20:00'))).toBeNull();
  });
});

describe('back-off', () => {
  const now = at('09:00');
  const error = (code: 'network' | 'notFound', retryAfter?: number) =>
    new AppError(code, '', retryAfter === undefined ? {} : { retryAfter });

  it('obeys Retry-After, and else doubles with jitter, up to an hour; what an administrator mends is tried rarely', () => {
    expect(readAgainAt(error('network', 2_128), 9, now, 0.9) - now).toBe(2_128);
    const minutes = (code: 'network' | 'notFound', failures: number, random: number) =>
      (readAgainAt(error(code), failures, now, random) - now) / 60_000;
    expect([1, 2, 3, 7, 40].map((failures) => minutes('network', failures, 0))).toEqual([0.5, 1, 2, 30, 30]);
    expect(minutes('network', 7, 0.999)).toBeCloseTo(60, 0);
    expect([1, 2, 9].map((failures) => minutes('notFound', failures, 0))).toEqual([15, 30, 180]);
  });
});

describe('a stored view', () => {
  it('is read as it was, or as never read', () => {
    const stored = JSON.parse(JSON.stringify(ten));
    expect(readView(stored)).toEqual(ten);
    for (const wrong of [undefined, null, {}, { ...stored, spans: [{ start: 1 }] }])
      expect(readView(wrong)).toEqual(NO_VIEW);
    expect(JSON.stringify(stored)).not.toContain('Review');
  });
});

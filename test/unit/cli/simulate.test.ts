import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/cli/commands/simulate.ts';
import { AppError } from '../../../src/core/appError.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { FakeCli, record, SET_UP } from './fakeCli.ts';

const TODAY = { date: null, chat: null, subjects: false };

const DAY = [
  meeting('09:00', '10:00'),
  meeting('09:30', '10:30'),
  meeting('11:00', '11:30', { showAs: 'free' }),
  meeting('12:00', '12:30', { responseStatus: 'declined' }),
  meeting('13:00', '13:30', { isCancelled: true }),
  meeting('15:00', '16:00'),
  meeting('16:00', '17:00', { showAs: 'oof' }),
  allDay('2026-01-05', '2026-01-06', { showAs: 'busy' }),
];

describe('simulate', () => {
  it('shows why each event counts or not, the presence, and what each chat would be told', async () => {
    const cli = new FakeCli(DAY);
    const shown = record();
    expect(await simulate(cli, TODAY, shown.output)).toBe(0);
    expect(shown.lines).toEqual([
      '2026-01-05, UTC. Nothing is written.',
      'Events:',
      '  all day      busy: does not count: all-day events like this do not count',
      '  09:00–10:00  busy: counts as Do not disturb',
      '  09:30–10:30  busy: counts as Do not disturb',
      '  11:00–11:30  free: does not count: events shown like this do not count',
      '  12:00–12:30  busy: does not count: you declined it',
      '  13:00–13:30  busy: does not count: it is cancelled',
      '  15:00–16:00  busy: counts as Do not disturb',
      '  16:00–17:00  oof: counts as Away',
      'Presence:',
      '  09:00–10:30  Do not disturb',
      '  15:00–16:00  Do not disturb',
      '  16:00–17:00  Away (out of office)',
      'HipChat would be told:',
      '  09:00  Do not disturb, "In a meeting"',
      '  10:30  given back: Available, no status',
      '  15:00  Do not disturb, "In a meeting"',
      '  16:00  Away, "Out of office"',
      '  17:00  given back: Available, no status',
      'Slack would be told:',
      '  09:00  Available, "In a meeting" :spiral_calendar_pad:, ends by itself at 10:30',
      '  10:30  nothing: its status ends by itself',
      '  15:00  Available, "In a meeting" :spiral_calendar_pad:, ends by itself at 16:00',
      '  16:00  Away, "Out of office" :palm_tree:, ends by itself at 17:00',
      '  17:00  given back: Available, no status',
    ]);
  });

  it('calls no chat and writes nothing', async () => {
    const cli = new FakeCli(DAY);
    await simulate(cli, TODAY, record().output);
    expect([cli.hipchat.reads, cli.slack.reads, cli.hipchat.writes, cli.slack.writes]).toEqual([0, 0, [], []]);
    expect(cli.claims.records.size).toBe(0);
    expect(cli.isLocked).toBe(false);
  });

  it('hides the subjects unless asked for them', async () => {
    const cli = new FakeCli(DAY);
    for (const isJson of [false, true]) {
      const hidden = record(isJson);
      await simulate(cli, TODAY, hidden.output);
      expect(hidden.text).not.toContain('Secret plans');
      const shown = record(isJson);
      await simulate(cli, { ...TODAY, subjects: true }, shown.output);
      expect(shown.text).toContain('Secret plans');
    }
  });

  it('takes the day in the zone of the person', async () => {
    const cli = new FakeCli([meeting('00:30', '01:30'), meeting('23:30', '23:45')]);
    cli.clock.travel('America/New_York');
    const shown = record(true);
    await simulate(cli, { ...TODAY, date: '2026-01-04' }, shown.output);
    expect(shown.json).toMatchObject({
      date: '2026-01-04',
      zone: 'America/New_York',
      events: [{ start: '2026-01-05T00:30:00.000Z', counts: true, effect: 'dnd' }],
    });
  });

  it('gives programs spans and steps', async () => {
    const shown = record(true);
    await simulate(new FakeCli([meeting('09:00', '10:00')]), { ...TODAY, chat: 'slack' }, shown.output);
    const [start, end] = [new Date(at('09:00')).toISOString(), new Date(at('10:00')).toISOString()];
    expect(shown.json).toEqual({
      date: '2026-01-05',
      zone: 'UTC',
      events: [{ calendar: 'microsoft365', start, end, allDay: false, showAs: 'busy', counts: true, effect: 'dnd' }],
      spans: [{ start, end, effect: 'dnd', isOutOfOffice: false }],
      chats: [
        {
          id: 'slack',
          label: 'Slack',
          differences: [],
          steps: [
            {
              at: start,
              kind: 'set',
              state: 'available',
              text: 'In a meeting',
              emoji: ':spiral_calendar_pad:',
              until: end,
            },
            { at: end, kind: 'expires', state: 'available', text: '', emoji: '', until: null },
          ],
        },
      ],
      failures: [],
    });
  });

  it('says when a day is empty, and when HipStatus is paused', async () => {
    const shown = record();
    expect(await simulate(new FakeCli([], { ...SET_UP, pausedUntil: 'forever' }), TODAY, shown.output)).toBe(0);
    expect(shown.text).toContain('HipStatus is paused');
    expect(shown.text).toContain('Events:\n  none');
    expect(shown.text).toContain('Presence:\n  yours, all day');
    expect(shown.text).toContain('Slack would be told:\n  nothing');
  });

  it('fails when a calendar can not be read, and names it', async () => {
    const cli = new FakeCli();
    cli.calendar.error = new AppError('network', 'It could not be reached.');
    const shown = record();
    expect(await simulate(cli, TODAY, shown.output)).toBe(1);
    expect(shown.text).toContain('Could not be read:\n  Test calendar: It could not be reached.');
  });

  it('names the chats there are, and what is missing', async () => {
    await expect(simulate(new FakeCli(), { ...TODAY, chat: 'irc' }, record().output)).rejects.toThrow(
      'There is: hipchat, slack.',
    );
    await expect(simulate(new FakeCli([], {}), TODAY, record().output)).rejects.toThrow('No calendar is set up yet');
  });

  it('shows what a chat does otherwise, and what was left out of its texts', async () => {
    const settings = {
      ...SET_UP,
      statusMessage: 'In a meeting: {subject} ({location})',
      privacy: { subject: true },
      chats: [
        { id: 'hipchat', provider: 'hipchat', email: '', as: { dnd: 'away', away: 'ignore' } },
        { id: 'slack', provider: 'slack', email: '', shows: { state: false }, words: { oofMessage: 'Off' } },
      ],
    };
    const day = [
      meeting('09:00', '10:00', { subject: 'Planning' }),
      meeting('11:00', '12:00', { subject: 'Salary', sensitivity: 'private' }),
      meeting('14:00', '15:00', { showAs: 'oof' }),
    ];
    const shown = record();
    await simulate(new FakeCli(day, settings), TODAY, shown.output);
    const from = shown.lines.findIndex((line) => line.startsWith('HipChat'));
    expect(shown.lines.slice(from)).toEqual([
      'HipChat would be told (Do not disturb as Away; Away not at all):',
      '  09:00  Away, "In a meeting: Planning"',
      '  10:00  given back: Available, no status',
      '  11:00  Away, "In a meeting"',
      '  12:00  given back: Available, no status',
      'Slack would be told (only the text; words of its own):',
      '  09:00  Available, "In a meeting: Planning" :spiral_calendar_pad:, ends by itself at 10:00',
      '  10:00  nothing: its status ends by itself',
      '  11:00  Available, "In a meeting" :spiral_calendar_pad:, ends by itself at 12:00',
      '  12:00  nothing: its status ends by itself',
      '  14:00  Available, "Off" :palm_tree:, ends by itself at 15:00',
      '  15:00  nothing: its status ends by itself',
      'Left out of the texts:',
      '  09:00–10:00  {location}: privacy.location is off',
      '  11:00–12:00  {subject}: the event is private',
      '  11:00–12:00  {location}: privacy.location is off',
    ]);
    expect(shown.text).not.toContain('Salary');
  });
});

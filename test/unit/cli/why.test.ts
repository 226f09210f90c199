import { describe, expect, it } from 'vitest';
import { why } from '../../../src/cli/commands/why.ts';
import { AppError } from '../../../src/core/appError.ts';
import { eventKey } from '../../../src/core/calendarEvent.ts';
import { at, meeting } from '../../fakes/events.ts';
import { FakeCli, record, SET_UP } from './fakeCli.ts';

/** It is 09:57. */
const sentence = async (events: Parameters<typeof meeting>[], more: Record<string, unknown> = {}) => {
  const shown = record();
  const made = events.map((given) => meeting(...given));
  await why(new FakeCli(made, { ...SET_UP, ...more }), shown.output);
  return shown.lines[0];
};

describe('why', () => {
  it('says in a sentence what decides', async () => {
    expect(await sentence([['09:30', '10:30']])).toBe(
      'You are set to Do not disturb until 10:30 because a meeting is on.',
    );
    expect(
      await sentence([
        ['09:30', '10:30'],
        ['09:45', '11:00'],
      ]),
    ).toContain('until 11:00 because meetings are on');
    expect(await sentence([['09:30', '10:30', { showAs: 'oof' }]])).toContain('because you are out of office');
    expect(await sentence([['10:30', '11:00']])).toBe(
      'You are left as you are because nothing that counts is on. The next one begins at 10:30.',
    );
  });

  it("puts the person's own word first", async () => {
    expect(await sentence([['09:30', '10:30']], { pausedUntil: '2026-01-05T12:00:00Z' })).toContain(
      'paused HipStatus until 12:00',
    );
    const busy = { from: '2026-01-05T09:50:00Z', until: '2026-01-05T10:20:00Z' };
    expect(await sentence([], { overrides: { busy } })).toBe('You are busy until 10:20 because you said so.');
  });

  it('knows a meeting that was taken out', async () => {
    const event = meeting('09:30', '10:30');
    const notFor = [{ event: eventKey(event), until: '2026-01-05T10:30:00Z' }];
    const shown = record();
    await why(new FakeCli([event], { ...SET_UP, overrides: { notFor } }), shown.output);
    expect(shown.lines[0]).toContain('"Not for this meeting"');
  });

  it('shows the chain: the events with their verdicts, what comes next, and what is remembered of each chat', async () => {
    const cli = new FakeCli([
      meeting('09:30', '10:30', { subject: 'Merger' }),
      meeting('09:40', '10:00', { showAs: 'free' }),
    ]);
    cli.claims.records.set('slack', { claim: null, handsOff: [{ event: 'x', until: at('10:30') }] });
    const shown = record();
    expect(await why(cli, shown.output)).toBe(0);
    expect(shown.lines).toEqual([
      'You are set to Do not disturb until 10:30 because a meeting is on.',
      'On now:',
      '  09:30–10:30  busy: counts as Do not disturb',
      '  09:40–10:00  free: does not count: events shown like this do not count',
      'Next:',
      '  nothing that counts',
      'The rules ask for:',
      '  HipChat: Do not disturb, "In a meeting"',
      '  Slack: Do not disturb, "In a meeting"',
      'Chats:',
      '  HipChat: shows your own status',
      '  Slack: left as you set it, for this meeting',
    ]);
    expect([cli.hipchat.reads, cli.slack.reads]).toEqual([0, 0]);
  });

  it('names a calendar that could not be read, and fails', async () => {
    const cli = new FakeCli();
    cli.calendar.error = new AppError('network', 'No network.');
    const shown = record();
    expect(await why(cli, shown.output)).toBe(1);
    expect(shown.lines.join('\n')).toContain('No network.');
  });

  it('says what each chat shows otherwise, and why a text says less than it could', async () => {
    const chats = [
      { id: 'hipchat', provider: 'hipchat', email: '', shows: { text: false } },
      { id: 'slack', provider: 'slack', email: '', as: { dnd: 'busy' } },
    ];
    const told = async (privacy: object, more: object = {}) => {
      const shown = record();
      const event = meeting('09:30', '10:30', { subject: 'Merger', location: '', ...more });
      const settings = { ...SET_UP, chats, privacy, statusMessage: '{subject} – {location}' };
      await why(new FakeCli([event], settings), shown.output);
      return shown.lines.slice(shown.lines.indexOf('The rules ask for:') + 1, shown.lines.indexOf('Chats:'));
    };
    expect(await told({ subject: true, location: true })).toEqual([
      '  HipChat (only the state): Do not disturb, your own status',
      '  Slack (Do not disturb as Busy): Busy, "Merger"',
      'Left out of the texts:',
      '  {location}: the event has none',
    ]);
    expect(await told({ subject: true, location: true }, { sensitivity: 'personal' })).toEqual([
      '  HipChat (only the state): Do not disturb, your own status',
      '  Slack (Do not disturb as Busy): Busy, "In a meeting"',
      'Left out of the texts:',
      '  {subject}: the event is private',
      '  {location}: the event is private',
    ]);
    expect((await told({})).slice(-2)).toEqual([
      '  {subject}: privacy.subject is off',
      '  {location}: privacy.location is off',
    ]);
  });
});

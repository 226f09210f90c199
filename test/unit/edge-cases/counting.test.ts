// Edge cases 11 to 29 and 33 of the reference, but for 24: what counts, and what several events come to.
import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { DAY, SECOND } from '../../../src/core/time.ts';
import { free, type Harness, running } from '../../fakes/engineHarness.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

const outOfOffice = { state: 'away', text: 'Out of office' };
const ALL_DAY = ['2026-01-05', '2026-01-06'] as const;

/** The changes of one chat over the day: when, and to what. */
const course = (harness: Harness, chat = 'hipchat'): string[] =>
  harness
    .chat(chat)
    .writes.map(({ at: time, presence }) => `${new Date(time).toISOString().slice(11, 16)} ${presence?.state}`);

/** The course of a day in HipChat with these events and rules, until 18:00. */
async function day(events: readonly CalendarEvent[], rules: Record<string, unknown> = {}): Promise<string[]> {
  const harness = await running({ chats: ['hipchat'], settings: { rules } }, events);
  await harness.clock.advanceTo(at('18:00'));
  return course(harness);
}

describe('several events', () => {
  it('11: one ends when the next begins → one write, the expiry extended, no flap', async () => {
    const first = meeting('10:00', '11:00');
    const harness = await running({}, [first]);
    await harness.clock.advanceTo(at('10:31'));
    harness.calendar.events = [first, meeting('11:00', '12:00')];
    await harness.clock.advanceTo(at('12:10'));
    expect(course(harness)).toEqual(['10:00 dnd', '12:00 available']);
    const slack = harness.chat('slack').writes.map(({ presence }) => [presence?.text, presence?.until]);
    expect(slack.slice(0, 2)).toEqual([
      ['In a meeting', at('11:00')],
      ['In a meeting', at('12:00')],
    ]);
    expect(slack.slice(2).filter(([text]) => text !== '')).toEqual([]);
    const known = await running({}, [first, meeting('11:00', '12:00')]);
    await known.clock.advanceTo(at('12:10'));
    expect(course(known)).toEqual(['10:00 dnd', '12:00 available']);
    expect(known.chat('slack').writes[0]?.presence?.until).toBe(at('12:00'));
    expect(known.shown).toHaveLength(2);
  });

  it('12: a gap no longer than the bridge → stays busy', async () => {
    const events = [meeting('10:00', '11:00'), meeting('11:05', '12:00')];
    expect(await day(events, { bridgeMinutes: 5 })).toEqual(['10:00 dnd', '12:00 available']);
    expect(await day(events, { bridgeMinutes: 4 })).toHaveLength(4);
  });

  it('13: a gap of 5 min without a bridge → free for 5 min', async () => {
    expect(await day([meeting('10:00', '11:00'), meeting('11:05', '12:00')])).toEqual([
      '10:00 dnd',
      '11:00 available',
      '11:05 dnd',
      '12:00 available',
    ]);
  });

  it('14: overlapping meetings → until the later end', async () => {
    expect(await day([meeting('10:00', '11:00'), meeting('10:30', '11:30')])).toEqual(['10:00 dnd', '11:30 available']);
  });

  it('15: a meeting within a longer one → until the end of the longer', async () => {
    expect(await day([meeting('10:00', '12:00'), meeting('10:15', '10:30')])).toEqual(['10:00 dnd', '12:00 available']);
  });

  it('16: tentative and busy at the same time, in any order → busy', async () => {
    const busy = meeting('10:00', '11:00');
    const tentative = meeting('10:00', '11:00', { showAs: 'tentative' });
    for (const rules of [{}, { showAs: { tentative: 'away' } }]) {
      for (const events of [
        [tentative, busy],
        [busy, tentative],
      ])
        expect(await day(events, rules)).toEqual(['10:00 dnd', '11:00 available']);
    }
  });

  it('17: busy inside out of office → out of office, also after it', async () => {
    const harness = await running({}, [meeting('09:58', '17:00', { showAs: 'oof' }), meeting('10:00', '11:00')]);
    for (const clock of ['09:59', '10:30', '11:30']) {
      await harness.clock.advanceTo(at(clock));
      for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(outOfOffice);
    }
    expect(course(harness)).toEqual(['09:58 away']);
  });

  it('33: the same meeting in two calendars → once', async () => {
    const copies = [1, 2].map(() => meeting('10:00', '11:00', { iCalUId: 'same' }));
    const harness = await running({ calendars: ['work', 'home'], chats: ['hipchat'] }, copies.slice(0, 1));
    for (const [index, calendar] of [...harness.calendars.values()].entries())
      calendar.events = copies.slice(index, index + 1);
    await harness.clock.advanceTo(at('10:22'));
    expect(new Set(harness.engine.underWay.map(({ event }) => event)).size).toBe(1);
    expect(course(harness)).toEqual(['10:00 dnd']);
    // One meeting to the person too: the last word on it is not undone by the copy.
    harness.chat('hipchat').personSets({ state: 'available', text: 'Ask me' });
    await harness.clock.advanceTo(at('11:10'));
    expect(course(harness)).toEqual(['10:00 dnd']);
  });
});

describe('what an event is shown as', () => {
  it('18: free → nothing', async () => {
    expect(await day([meeting('10:00', '11:00', { showAs: 'free' })])).toEqual([]);
  });

  it('19: working elsewhere → nothing, unless a setting says so', async () => {
    const elsewhere = [meeting('10:00', '11:00', { showAs: 'workingElsewhere' })];
    expect(await day(elsewhere)).toEqual([]);
    expect(await day(elsewhere, { showAs: { workingElsewhere: 'away' } })).toEqual(['10:00 away', '11:00 available']);
  });

  it('20: a showAs nobody knows → nothing, and it is logged', async () => {
    const harness = await running({}, [meeting('10:00', '11:00', { showAs: 'unknown' })]);
    await harness.clock.advanceTo(at('11:30'));
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    const said = harness.logger.lines.filter((line) => line.includes('unknown showAs'));
    expect(said[0]).toMatch(/^warn .*"unknown":1/);
    expect(said.join('')).not.toContain('Secret plans');
  });
});

describe('all-day events', () => {
  it('21: all-day busy → nothing; all-day out of office → out of office', async () => {
    expect(await day([allDay(...ALL_DAY)])).toEqual([]);
    const harness = await running({}, [allDay(...ALL_DAY, { showAs: 'oof' })]);
    expect(harness.chat('hipchat').shown).toMatchObject(outOfOffice);
    expect(harness.chat('slack').shown).toMatchObject({ ...outOfOffice, until: at('00:00') + DAY });
  });

  it('22: 24 h from midnight to midnight → treated as all-day, in the zone of the person', async () => {
    const start = Date.parse('2026-01-04T23:00:00Z');
    const time = { kind: 'timed', start, end: start + DAY } as const;
    const inZone = async (zone: string, showAs: 'busy' | 'oof') => {
      const clock = new FakeClock(at('09:57'), zone);
      const harness = await running({ clock, chats: ['slack'] }, [meeting('00:00', '00:01', { time, showAs })]);
      return harness.chat('slack').shown.text;
    };
    expect(await inZone('Europe/Berlin', 'busy')).toBe('');
    expect(await inZone('Europe/Berlin', 'oof')).toBe('Out of office');
    // No midnight in London: a long meeting.
    expect(await inZone('Europe/London', 'busy')).toBe('In a meeting');
  });

  it('23: out of office for several days → one write, the expiry at the true end', async () => {
    const harness = await running({}, [allDay('2026-01-05', '2026-01-08', { showAs: 'oof' })]);
    const end = at('00:00') + 3 * DAY;
    await harness.clock.advanceTo(end - SECOND);
    for (const chat of harness.chats.values()) expect(chat.writes).toHaveLength(1);
    expect(harness.chat('slack').shown).toMatchObject({ ...outOfOffice, until: end });
    await harness.clock.advanceTo(end + SECOND);
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
  });
});

describe('whose event it is', () => {
  it('25: declined but shown as busy → ignored', async () => {
    expect(await day([meeting('10:00', '11:00', { responseStatus: 'declined' })])).toEqual([]);
  });

  it('26: not answered, shown as busy → by the setting', async () => {
    const events = [meeting('10:00', '11:00', { responseStatus: 'notResponded' })];
    expect(await day(events, { notResponded: true })).toEqual(['10:00 dnd', '11:00 available']);
    expect(await day(events, { notResponded: false })).toEqual([]);
  });

  it('27: own event without attendees, busy → by the setting for solo events', async () => {
    const events = [meeting('10:00', '11:00', { responseStatus: 'organizer', otherAttendees: 0 })];
    expect(await day(events, { soloEvents: true })).toEqual(['10:00 dnd', '11:00 available']);
    expect(await day(events, { soloEvents: false })).toEqual([]);
  });

  it('28: private or confidential → the generic text only, whatever the template asks for', async () => {
    for (const sensitivity of ['private', 'confidential'] as const) {
      for (const statusMessage of ['In a meeting', 'In: {subject}']) {
        const harness = await running({ settings: { statusMessage } }, [meeting('10:00', '11:00', { sensitivity })]);
        await harness.clock.advanceTo(at('10:30'));
        expect(harness.chat('hipchat').shown.state).toBe('dnd');
        if (statusMessage === 'In a meeting') expect(harness.chat('slack').shown.text).toBe('In a meeting');
        const { chats, claims, shown, logger } = harness;
        const writes = [...chats.values()].flatMap((chat) => chat.writes);
        expect(writes).toHaveLength(2);
        const written = JSON.stringify([writes, [...claims.records], shown, harness.engine.state(), logger.lines]);
        expect(written).not.toContain('Secret plans');
      }
    }
  });

  it('29: no length → ignored', async () => {
    expect(await day([meeting('10:00', '10:00')])).toEqual([]);
    expect(await day([meeting('10:00', '10:00'), meeting('12:00', '13:00')])).toEqual(['12:00 dnd', '13:00 available']);
  });
});

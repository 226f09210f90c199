import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { PartialViewError } from '../../../src/core/partialView.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { CalendarReader } from '../../../src/engine/calendarReader.ts';
import { Calendars } from '../../../src/engine/calendars.ts';
import { meeting } from '../../fakes/events.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { MemoryLogger } from '../../fakes/memoryStores.ts';

const signal = new AbortController().signal;
const gone = new AppError('notFound', 'It is gone.');
const half = (events: readonly CalendarEvent[], isWhole: boolean) =>
  new PartialViewError(gone, 'The calendar "Team" was not read. It is gone.', events, isWhole);
const pace = () => ({ isNear: true, marks: 1, distance: MINUTE });
const [mine, team] = [meeting('09:00', '10:00'), meeting('11:00', '12:00')];

/** A reader whose provider answers these in turn. */
async function afterReads(...answers: readonly (readonly CalendarEvent[] | AppError)[]) {
  const waiting = [...answers];
  const provider = {
    accountId: 'work',
    label: 'Work',
    async calendarView() {
      const answer = waiting.shift() ?? [];
      if (answer instanceof AppError) throw answer;
      return answer;
    },
  };
  const logger = new MemoryLogger();
  const account = { id: 'work', provider: 'ics', name: 'Work', username: '' } as const;
  const calendars = new Calendars(() => new CalendarReader(account, provider, new FakeClock(0), logger, pace));
  calendars.use([account]);
  for (const _answer of answers) await calendars.read('all', signal);
  return calendars;
}

describe('an account with several calendars, one of which failed', () => {
  it('is stale, with the trouble said and the others fresh', async () => {
    const calendars = await afterReads([mine, team], half([mine], true));
    expect(calendars.events).toEqual([mine]);
    expect(calendars.isWhole).toBe(true);
    expect(calendars.states).toMatchObject([{ health: 'stale', error: { code: 'notFound', tries: 1 } }]);
    expect(calendars.states[0]?.error?.message).toContain('"Team"');
  });

  it('is not whole while one of them could never be read: unknown is not free', async () => {
    const calendars = await afterReads(half([mine], false));
    expect(calendars.events).toEqual([mine]);
    expect([calendars.isAnyKnown, calendars.isWhole]).toEqual([true, false]);
  });

  it('is whole and well once all were read', async () => {
    const calendars = await afterReads(half([mine], false), [mine, team]);
    expect([calendars.events.length, calendars.isWhole]).toEqual([2, true]);
    expect(calendars.states).toMatchObject([{ health: 'ok', error: null }]);
  });

  it('keeps its view when then all fail', async () => {
    const calendars = await afterReads(half([mine], true), gone);
    expect(calendars.events).toEqual([mine]);
    expect(calendars.isWhole).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { CalendarParts } from '../../../src/adapters/calendarParts.ts';
import { AppError } from '../../../src/core/appError.ts';
import type { PartialViewError } from '../../../src/core/partialView.ts';
import { meeting } from '../../fakes/events.ts';

const signal = new AbortController().signal;
const nameOf = async (id: string) => `Calendar ${id}`;
type Answer = readonly string[] | AppError;

function parts() {
  const known = new CalendarParts();
  return (answers: Readonly<Record<string, Answer>>, given = signal) =>
    known.read(
      {
        ids: Object.keys(answers),
        read: async (id) => {
          const answer = answers[id];
          if (answer instanceof AppError) throw answer;
          return (answer ?? []).map((name) => meeting('09:00', '10:00', { id: name }));
        },
        nameOf,
      },
      given,
    );
}
const gone = new AppError('notFound', 'It is gone.');
const busy = new AppError('rateLimited', 'Later.', { retryAfter: 9_000 });
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const partial = async (running: Promise<unknown>) =>
  (await running.catch((error: unknown) => error)) as PartialViewError;

describe('several calendars of one account', () => {
  it('are one view', async () => {
    expect(ids(await parts()({ a: ['1'], b: ['2', '3'] }))).toEqual(['1', '2', '3']);
  });

  it('one that fails keeps what was known of it, and is named', async () => {
    const read = parts();
    await read({ a: ['1'], b: ['2'] });
    const error = await partial(read({ a: ['4'], b: gone }));
    expect(error).toMatchObject({ code: 'notFound', isWhole: true });
    expect(error.message).toBe('The calendar "Calendar b" was not read. It is gone.');
    expect(ids(error.events)).toEqual(['4', '2']);
  });

  it('one that was never read leaves the view not whole', async () => {
    const error = await partial(parts()({ a: ['1'], b: gone }));
    expect(error).toMatchObject({ isWhole: false });
    expect(ids(error.events)).toEqual(['1']);
  });

  it('the longest wait that was asked for holds for all', async () => {
    expect(await partial(parts()({ a: ['1'], b: gone, c: busy }))).toMatchObject({
      code: 'rateLimited',
      retryAfter: 9_000,
    });
  });

  it('where all fail, or the only one, the trouble is the account’s', async () => {
    await expect(parts()({ a: gone })).rejects.toBe(gone);
    await expect(parts()({ a: gone, b: gone })).rejects.toBe(gone);
  });

  it('one that is chosen no more is forgotten', async () => {
    const read = parts();
    await read({ a: ['1'], b: ['2'] });
    await read({ a: ['1'] });
    expect(await partial(read({ a: ['1'], b: gone }))).toMatchObject({ isWhole: false });
  });

  it('no more than four are read at once', async () => {
    let running = 0;
    let most = 0;
    const read = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return [];
    };
    await new CalendarParts().read({ ids: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], read, nameOf }, signal);
    expect(most).toBe(4);
  });

  it('given up is not half a view', async () => {
    await expect(parts()({ a: ['1'], b: ['2'] }, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

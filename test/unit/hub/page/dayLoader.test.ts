import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { CallFailed } from '../../../../src/hub/page/callFailed.ts';
import { dayAround } from '../../../../src/hub/page/day.ts';
import { DayLoader } from '../../../../src/hub/page/dayLoader.ts';
import type { DayItem } from '../../../../src/hub/page/model.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { changeOf, presenceOf } from './people.ts';

describe('the days of those in sight', () => {
  let clock: FakeClock;
  let loader: DayLoader;
  let asked: {
    readonly id: string;
    readonly since: string;
    readonly answer: (items: readonly DayItem[] | Error) => void;
  }[];
  let failures: unknown[];
  const items = (state: DayItem['state']): readonly DayItem[] => [
    { start: '2026-11-24T08:00:00.000Z', end: null, state, kind: 'was' },
  ];
  const answer = async (index: number, what: readonly DayItem[] | Error): Promise<void> => {
    asked[index]?.answer(what);
    await clock.advance(0);
  };

  beforeEach(() => {
    clock = new FakeClock(new Date(2026, 10, 24, 10).getTime());
    asked = [];
    failures = [];
    loader = new DayLoader({
      read: (id, since) =>
        new Promise((resolve, reject) => {
          asked.push({ id, since, answer: (what) => (what instanceof Error ? reject(what) : resolve(what)) });
        }),
      onFailed: (thrown) => failures.push(thrown),
      now: () => clock.now(),
      later: (delay, call) => {
        const timer = clock.after(delay, call);
        return () => timer.stop();
      },
      random: () => clock.random(),
    });
  });

  it('are read three at a time, the last that came first, and not at all for who has left', async () => {
    const stops = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => loader.want(id, () => {}));
    expect(asked.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    stops[3]?.();
    await answer(0, []);
    await answer(1, []);
    await answer(2, []);
    expect(asked.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'f', 'e']);
    expect(asked[0]?.since).toBe(new Date(dayAround(clock.now()).start).toISOString());
  });

  it('show a change at once, and soon the plan that came with it', async () => {
    const seen: (readonly DayItem[] | null)[] = [];
    loader.want('ada', (one) => seen.push(one));
    await answer(0, items('available'));
    const at = new Date(clock.now()).toISOString();
    loader.changed(changeOf(presenceOf('Ada', 9, { state: 'dnd', changedAt: at })));
    expect(seen.at(-1)?.map(({ state, end }) => [state, end])).toEqual([
      ['available', at],
      ['dnd', null],
    ]);
    await clock.advance(5 * SECOND);
    expect(asked).toHaveLength(2);
    await answer(1, items('busy'));
    expect(seen.at(-1)).toEqual(items('busy'));
  });

  it('do not take an answer that is older than a change', async () => {
    const seen: (readonly DayItem[] | null)[] = [];
    loader.want('ada', (one) => seen.push(one));
    await answer(0, items('available'));
    loader.refresh();
    loader.changed(changeOf(presenceOf('Ada', 9, { state: 'dnd' })));
    await answer(1, items('available'));
    expect(seen.at(-1)?.at(-1)?.state).toBe('dnd');
    await clock.advance(5 * SECOND);
    await answer(2, items('busy'));
    expect(seen.at(-1)).toEqual(items('busy'));
  });

  it('are kept while out of sight, and read again when they are old', async () => {
    const stop = loader.want('ada', () => {});
    await answer(0, items('available'));
    stop();
    const again: (readonly DayItem[] | null)[] = [];
    const stopAgain = loader.want('ada', (one) => again.push(one));
    expect(again).toEqual([items('available')]);
    expect(asked).toHaveLength(1);
    await clock.advance(11 * MINUTE);
    expect(asked).toHaveLength(2);
    stopAgain();
    await answer(1, items('busy'));
    await clock.advance(HOUR);
    expect(asked).toHaveLength(2);
  });

  it('begin anew at midnight', async () => {
    loader.want('ada', () => {});
    await answer(0, items('available'));
    clock.set(dayAround(clock.now()).end + SECOND);
    await clock.advance(MINUTE);
    expect(asked.at(-1)?.since).toBe(new Date(dayAround(clock.now()).start).toISOString());
    expect(clock.now() - Date.parse(asked.at(-1)?.since ?? '')).toBeLessThan(DAY);
  });

  it('wait as long as the hub says, and give up who is gone', async () => {
    for (const id of ['a', 'b', 'c', 'd']) loader.want(id, () => {});
    await answer(0, new CallFailed(429, 'Too many', 30));
    await answer(1, new CallFailed(404, 'Nobody', null));
    expect(asked).toHaveLength(3);
    await clock.advance(31 * SECOND);
    expect(asked.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'a', 'd']);
    expect(failures).toHaveLength(2);
    loader.stop();
    await answer(3, items('busy'));
    await clock.advance(HOUR);
    expect(asked).toHaveLength(5);
  });
});

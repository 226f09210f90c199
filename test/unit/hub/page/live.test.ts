import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../../src/core/time.ts';
import { Live, type LiveDeps, type Source } from '../../../../src/hub/page/live.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { changeOf, presenceOf } from './people.ts';

class FakeSource implements Source {
  readonly #calls = new Map<string, (event: { data?: string; lastEventId?: string }) => void>();
  readonly after: number | null;
  isClosed = false;

  constructor(after: number | null) {
    this.after = after;
  }

  addEventListener(type: string, call: (event: { data?: string; lastEventId?: string }) => void): void {
    this.#calls.set(type, call);
  }

  close(): void {
    this.isClosed = true;
  }

  send(type: string, id: number | '' = '', data: unknown = {}): void {
    this.#calls.get(type)?.({ data: JSON.stringify(data), lastEventId: String(id) });
  }

  fail(): void {
    this.#calls.get('error')?.({});
  }
}

describe('the live line', () => {
  let clock: FakeClock;
  let sources: FakeSource[];
  let log: string[];
  let session: () => Promise<boolean>;
  let live: Live;
  const source = () => sources.at(-1) as FakeSource;

  beforeEach(() => {
    clock = new FakeClock('2026-11-24T10:00:00Z');
    sources = [];
    log = [];
    session = async () => true;
    const deps: LiveDeps = {
      open: (after) => {
        const made = new FakeSource(after);
        sources.push(made);
        return made;
      },
      isSignedIn: () => session(),
      now: () => clock.now(),
      later: (delay, call) => {
        const timer = clock.after(delay, call);
        return () => timer.stop();
      },
      random: () => clock.random(),
    };
    live = new Live(deps, {
      onLine: (state) => log.push(state.kind === 'lost' ? `lost ${new Date(state.since).toISOString()}` : state.kind),
      onChange: ({ id }) => log.push(`change ${id}`),
      onLoad: () => log.push('load'),
      onSignedOut: () => log.push('signed out'),
    });
    live.start();
  });

  it('loads everybody once it follows, so that nothing is missed in between', () => {
    expect(source().after).toBeNull();
    source().send('ready', 7);
    source().send('change', 8, changeOf(presenceOf('Ada', 8)));
    expect(log).toEqual(['live', 'load', 'change 8']);
  });

  it('comes back after the last it saw, without loading again', async () => {
    source().send('ready', 7);
    source().send('change', 8, changeOf(presenceOf('Ada', 8)));
    await clock.advance(20 * SECOND);
    source().fail();
    expect(log.at(-1)).toBe('lost 2026-11-24T10:00:00.000Z');
    expect(sources[0]?.isClosed).toBe(true);
    await clock.advance(SECOND);
    expect(source().after).toBe(8);
    source().send('ready', 8);
    expect(log.slice(-2)).toEqual(['lost 2026-11-24T10:00:00.000Z', 'live']);
  });

  it('loads everybody when the hub can not go on from there', () => {
    source().send('ready', 7);
    source().send('reset', 20);
    expect(log).toEqual(['live', 'load', 'load']);
  });

  it('takes silence for a dead line, and beats for a living one', async () => {
    source().send('ready', 7);
    for (let beat = 0; beat < 8; beat += 1) {
      await clock.advance(15 * SECOND);
      source().send('beat');
    }
    expect(sources).toHaveLength(1);
    await clock.advance(40 * SECOND);
    expect(log.at(-1)).toBe('lost 2026-11-24T10:02:00.000Z');
    await clock.advance(SECOND);
    expect(sources).toHaveLength(2);
  });

  it('comes back soon after the hub says good-bye', async () => {
    source().send('ready', 7);
    source().send('bye');
    expect(log.at(-1)).toMatch(/^lost/);
    await clock.advance(SECOND);
    expect(sources).toHaveLength(2);
  });

  it('tries ever more rarely, and at once when the network is back', async () => {
    let asked = 0;
    source().send('ready', 7);
    session = () => {
      asked += 1;
      return Promise.reject(new Error('away'));
    };
    source().fail();
    await clock.advance(MINUTE);
    expect(asked).toBeGreaterThan(4);
    expect(asked).toBeLessThan(10);
    expect(log.filter((line) => line.startsWith('lost'))).toHaveLength(1);
    session = async () => true;
    live.retryNow();
    await clock.advance(1);
    expect(sources).toHaveLength(2);
    live.retryNow();
    await clock.advance(MINUTE / 2);
    expect(sources).toHaveLength(2);
  });

  it('still loads when the first try did not work', async () => {
    source().fail();
    await clock.advance(SECOND);
    source().send('ready', 3);
    expect(log.slice(-2)).toEqual(['live', 'load']);
  });

  it('ends when nobody is signed in any more', async () => {
    source().send('ready', 7);
    session = async () => false;
    source().fail();
    await clock.advance(10 * MINUTE);
    expect(log.at(-1)).toBe('signed out');
    expect(sources).toHaveLength(1);
  });

  it('says nothing more once it is stopped', async () => {
    live.stop();
    expect(source().isClosed).toBe(true);
    source().send('ready', 7);
    await clock.advance(10 * MINUTE);
    expect(log).toEqual([]);
  });
});

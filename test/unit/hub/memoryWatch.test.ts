import { describe, expect, it } from 'vitest';
import { MemoryWatch } from '../../../src/hub/commands/memoryWatch.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

const MIB = 1_048_576;

function world() {
  const clock = new FakeClock(0);
  const state = { resident: 100 * MIB, asked: 0 };
  const stopped: string[] = [];
  const worker = (name: string, bytes: number | null) => ({
    memory: async () => {
      state.asked += 1;
      return bytes;
    },
    stop: async () => {
      stopped.push(name);
    },
  });
  const running = [worker('small', MIB), worker('large', 65 * MIB), worker('silent', null)];
  const watch = new MemoryWatch({ clock, limit: 64 * MIB, running: () => running, resident: () => state.resident });
  return { clock, state, stopped, running, watch };
}

describe('the watch over memory', () => {
  it('stops who holds too much or can not say, once the process grows', async () => {
    const { clock, state, stopped, watch } = world();
    watch.start();
    state.resident += 300 * MIB;
    await clock.advance(200);
    expect(state.asked).toBe(0);
    state.resident += 100 * MIB;
    await clock.advance(50);
    expect(stopped).toEqual(['large', 'silent']);
  });

  it('takes what is left for usual, and ends with the last run', async () => {
    const { clock, state, stopped, running, watch } = world();
    running.splice(1);
    watch.start();
    state.resident += 400 * MIB;
    await clock.advance(50);
    expect([state.asked, stopped]).toEqual([1, []]);
    await clock.advance(500);
    expect(state.asked).toBe(1);
    running.splice(0);
    await clock.advance(50);
    state.resident += 4_000 * MIB;
    await clock.advance(500);
    expect(state.asked).toBe(1);
  });
});

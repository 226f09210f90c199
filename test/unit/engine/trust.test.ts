// Random days with random trouble, on the real engine. The invariants are looked at in trust/world.ts, by a model that knows
// the truth, and what the engine can know of it (trust/stories.ts).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { same } from './trust/parts.ts';
import { type Step, step, take } from './trust/steps.ts';
import { CHATS, World, type WorldOptions } from './trust/world.ts';

/**
 * More days, or other ones: `npm run test:deep -- RUNS [SEED [PATH]]`. A failure prints its seed and its path; given again,
 * they run only what failed.
 */
const { HIPSTATUS_RUNS, HIPSTATUS_SEED, HIPSTATUS_PATH } = process.env;
const RUNS = Number(HIPSTATUS_RUNS ?? 200);
const SEED = Number(HIPSTATUS_SEED ?? 20260105);

const options: fc.Arbitrary<WorldOptions> = fc.record({
  ownText: fc.constantFrom('keep', 'keep', 'replace'),
  tentative: fc.constantFrom('ignore', 'busy'),
  isClockSet: fc.nat(4).map((dice) => dice === 0),
});

async function live(given: WorldOptions, steps: readonly Step[]): Promise<World> {
  const world = new World(given);
  await world.begin();
  for (const [count, next] of steps.entries()) {
    await take(world, next, count);
    world.check();
  }
  return world;
}

/** All trouble ends, and the last meeting. */
async function end(world: World): Promise<void> {
  const { harness, clock } = world;
  await world.calm();
  harness.settings.update({ pausedUntil: null });
  await world.calm();
  const ends = [...harness.calendars.values()].flatMap(({ events }) =>
    events.map(({ time }) => (time.kind === 'timed' ? time.end : Date.parse(`${time.endDate}T12:00:00Z`))),
  );
  const last = Math.max(clock.now(), ...ends);
  // A night is slept through.
  if (last - clock.now() > 150 * MINUTE) {
    clock.jumpTo(last - MINUTE);
    await world.harness.tell('wake');
  }
  await clock.advanceTo(last + MINUTE);
  await world.calm();
}

describe('on any day', () => {
  it('every invariant holds, and at its end every chat shows what the person left and no claim is kept', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }), async (given, steps) => {
        const world = await live(given, steps);
        await end(world);
        for (const name of CHATS) {
          const { shown } = world.harness.chat(name);
          const left = world.stories.get(name)?.left(world.clock.now()) ?? [];
          expect({ name, ...shown }).toEqual({ name, ...(left.find((story) => same(story, shown)) ?? left[0]) });
        }
        expect(world.claimed()).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED, ...(HIPSTATUS_PATH === undefined ? {} : { path: HIPSTATUS_PATH }) },
    );
  }, 3_600_000);
});

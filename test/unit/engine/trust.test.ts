// Random days with random trouble, on the real engine. The invariants are looked at in trust/world.ts, by a model that knows
// the truth, and what the engine can know of it (trust/stories.ts).
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectAllGivenBack, pass } from './trust/days.ts';
import { type Step, step, take } from './trust/steps.ts';
import { World, type WorldOptions } from './trust/world.ts';

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
  await world.calm();
  world.harness.settings.update({ pausedUntil: null });
  await world.calm();
  await pass(world);
  await world.calm();
}

describe('on any day', () => {
  it('every invariant holds, and at its end every chat shows what the person left and no claim is kept', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }), async (given, steps) => {
        const world = await live(given, steps);
        await end(world);
        expectAllGivenBack(world);
      }),
      { numRuns: RUNS, seed: SEED, ...(HIPSTATUS_PATH === undefined ? {} : { path: HIPSTATUS_PATH }) },
    );
  }, 3_600_000);
});

import { expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { dnd, free, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';

it.each([
  ['forward', 2 * MINUTE],
  ['back', -2 * MINUTE],
] as const)('writes at the edge after the clock was set %s', async (_, by) => {
  const harness = await running({ now: at('09:56') }, [meeting('10:03', '10:13')]);
  harness.clock.set(by);
  await harness.tell('clockJump');
  await harness.clock.advanceTo(at('10:02'));
  expect(harness.chat('hipchat').shown).toMatchObject(free);
  await harness.clock.advanceTo(at('10:03') + 2 * SECOND);
  expect(harness.chat('hipchat').shown).toMatchObject(dnd);
});

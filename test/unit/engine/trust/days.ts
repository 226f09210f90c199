// How a day is looked at when it is over.
import { expect } from 'vitest';
import { type Instant, MINUTE } from '../../../../src/core/time.ts';
import { same } from './parts.ts';
import { CHATS, type World } from './world.ts';

/** The last meeting's end, and a minute; a night is slept through. */
export async function pass(world: World): Promise<void> {
  const { harness, clock } = world;
  const ends = [...harness.calendars.values()].flatMap(({ events }) =>
    events.map(({ time }): Instant => (time.kind === 'timed' ? time.end : Date.parse(`${time.endDate}T12:00:00Z`))),
  );
  const last = Math.max(clock.now(), ...ends);
  if (last - clock.now() > 150 * MINUTE) {
    clock.jumpTo(last - MINUTE);
    await harness.tell('wake');
  }
  await clock.advanceTo(last + MINUTE);
}

/** Every chat shows what the person left, and no claim is kept. */
export function expectAllGivenBack(world: World): void {
  for (const name of CHATS) {
    const { shown } = world.harness.chat(name);
    const left = world.stories.get(name)?.left(world.clock.now()) ?? [];
    expect({ name, ...shown }).toEqual({ name, ...(left.find((story) => same(story, shown)) ?? left[0]) });
  }
  expect(world.claimed()).toEqual([]);
}

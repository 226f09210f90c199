// What the person sets while a write of ours is open: the random days come there too seldom. Found wrong by the model of
// trust/world.ts, in any of its chats.
import { describe, expect, it } from 'vitest';
import { FATES, live, openWrites, WRITES } from './trust/openWrite.ts';

describe.each(WRITES)('what the person says while a write is open: %s', (write) => {
  it.each(FATES)('stands, and all else comes right: %s', async (fate) => {
    const wrong: string[] = [];
    for (const day of openWrites.filter((other) => other.write === write && other.fate === fate)) {
      await live(day).catch((thrown: unknown) => wrong.push(`${JSON.stringify(day)}: ${String(thrown)}`));
    }
    expect(wrong).toEqual([]);
  });
});

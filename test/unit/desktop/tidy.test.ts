import { expect, it } from 'vitest';
import { Tidier } from '../../../src/desktop/main/tidy.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

it('tidies up once, when things have come to rest', async () => {
  const clock = new FakeClock('2026-03-02T09:00:00Z');
  let times = 0;
  const tidier = new Tidier(clock, () => {
    times += 1;
  });
  tidier.soon();
  await clock.advanceTo('2026-03-02T09:00:02Z');
  tidier.soon();
  await clock.advanceTo('2026-03-02T09:00:04Z');
  expect(times).toBe(0);
  await clock.advanceTo('2026-03-02T09:01:00Z');
  expect(times).toBe(1);
});

it('does nothing after its end', async () => {
  const clock = new FakeClock('2026-03-02T09:00:00Z');
  let times = 0;
  const tidier = new Tidier(clock, () => {
    times += 1;
  });
  tidier.soon();
  tidier.stop();
  await clock.advanceTo('2026-03-02T09:01:00Z');
  expect(times).toBe(0);
});

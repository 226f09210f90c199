import { Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { readProgress, tellProgress } from '../../src/hub/sync/progress.ts';
import { registerSyncMetrics } from '../../src/hub/sync/prometheus.ts';
import { allTried, openSyncWorld, type SyncWorld, until } from './hub-sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

it('is told by the hub that plans, for every hub to read, and to Prometheus', async () => {
  world = await openSyncWorld({
    people: 25,
    before: ({ sandbox }) => sandbox.graph.organisation.fail(sandbox.graph.organisation.address(1), { status: 403 }),
  });
  const { clock, store, sync } = world;
  const registry = new Registry();
  registerSyncMetrics(registry, sync.metrics, clock);
  const stop = tellProgress(store.documents, sync.metrics, clock);
  await allTried(world, 25);
  await world.pass('08:50:20');
  await until(async () => (await readProgress(store.documents, clock.now()))?.people === 25, 'the progress is told');
  const progress = await readProgress(store.documents, clock.now());
  expect(progress).toMatchObject({ people: 25, stale: 1 });
  expect(progress?.lagSeconds).toBeLessThan(60);

  const metrics = await registry.metrics();
  expect(metrics).toContain('hipstatus_hub_sync_people 25');
  expect(metrics).toContain('hipstatus_hub_sync_stale 1');
  expect(metrics).toMatch(/hipstatus_hub_sync_reads_total 2[4-9]/);
  expect(metrics).toMatch(/hipstatus_hub_sync_failures_total [1-9]/);
  expect(await registry.metrics()).toBe(metrics);

  stop();
  expect(await readProgress(store.documents, clock.now() + 2 * 60_000)).toBeNull();
});

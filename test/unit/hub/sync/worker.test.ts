import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/appError.ts';
import { rules } from '../../../../src/core/rules.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/settings.ts';
import type { HubStore } from '../../../../src/hub/store/port.ts';
import type { ReadCalendars } from '../../../../src/hub/sync/calendars.ts';
import { SyncFigures } from '../../../../src/hub/sync/metrics.ts';
import type { SyncJob } from '../../../../src/hub/sync/model.ts';
import { SyncWorker } from '../../../../src/hub/sync/worker.ts';
import { at, meeting } from '../../../fakes/events.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { MemoryHub } from '../../../fakes/memoryHubStore.ts';
import { MemoryLogger } from '../../../fakes/memoryStores.ts';

const ID = 'person00000000000000000001';
const NOW = '2026-01-05T10:30:00Z';
const job = (change: Partial<SyncJob> = {}): SyncJob => ({
  id: 'job',
  kind: 'read',
  people: [{ id: ID, mailbox: 'm', address: 'p@x' }],
  before: at('10:31'),
  ...change,
});
const busy: ReadCalendars = async (wanted) =>
  new Map(wanted.map(({ person }) => [person.id, { events: [meeting('10:00', '11:00')], zone: 'UTC' }]));

async function workerOn(read: ReadCalendars, around: (store: HubStore) => Partial<HubStore> = () => ({})) {
  const clock = new FakeClock(NOW);
  const store = new MemoryHub().open();
  await store.putPerson({ id: ID, email: 'p@x', name: '', identities: [] }, clock.now());
  const figures = new SyncFigures();
  const policy = { rules: rules.parse({}), told: DEFAULT_SETTINGS, zone: 'UTC' };
  const log = new MemoryLogger();
  const worker = new SyncWorker({ store: { ...store, ...around(store) }, read, policy, clock, figures, log });
  const run = (given: SyncJob = job()) => worker.handle(given, new AbortController().signal);
  return { run, store, clock, figures, log };
}

describe('a job', () => {
  it('that is begun too late is left to another', async () => {
    const { run, store, figures } = await workerOn(busy);
    const { people } = await run(job({ before: at('10:29') }));
    expect(people.map(({ outcome }) => outcome)).toEqual(['held']);
    expect([figures.done, (await store.record(ID))?.reporting]).toEqual([0, false]);
  });

  it('is decided anew when somebody else says something at the same moment', async () => {
    let isFirst = true;
    const { run, store } = await workerOn(busy, (real) => ({
      async report(id, report, now) {
        if (isFirst) {
          isFirst = false;
          const presence = { state: 'away', text: 'Lunch', emoji: '', until: at('10:45') } as const;
          await real.report(id, { presence, source: 'command', reportedUntil: at('10:45') }, now);
        }
        return real.report(id, report, now);
      },
    }));
    const { people } = await run();
    const record = await store.record(ID);
    expect(record?.said).toMatchObject({ text: 'Lunch', source: 'command' });
    // It is looked at again when the word ends, and kept from running out until then.
    expect(people[0]).toMatchObject({ outcome: 'done', edge: at('10:45') });
    expect(record?.reportedUntil).toBe(at('10:30') + 24 * 3_600_000);
  });

  it('fails as a whole when the store can not be written, and says who is gone', async () => {
    const lost = new AppError('unavailable', 'The store can not be reached.');
    const { run } = await workerOn(busy, () => ({ report: () => Promise.reject(lost) }));
    await expect(run()).rejects.toBe(lost);
    const { run: other, store } = await workerOn(busy);
    await store.removePerson(ID, at('10:30'));
    expect((await other()).people.map(({ outcome }) => outcome)).toEqual(['gone']);
  });

  it('keeps the last good view when the next read fails, and decides by it', async () => {
    let isBroken = false;
    const { run, store, clock, figures } = await workerOn(async (wanted, window, signal) => {
      if (!isBroken) return busy(wanted, window, signal);
      return new Map(wanted.map(({ person }) => [person.id, new AppError('network', 'no answer')]));
    });
    await run();
    isBroken = true;
    await clock.advanceTo('2026-01-05T11:00:00Z');
    const { people } = await run(job({ before: at('11:01') }));
    expect(people[0]).toMatchObject({ outcome: 'failed', edge: null });
    expect(people[0]?.notBefore).toBe(at('11:00') + 45_000);
    expect((await store.record(ID))?.said).toMatchObject({ state: 'available', source: 'calendar' });
    expect([figures.done, figures.failed]).toEqual([1, 1]);
    const kept = await store.documents.get('org-sync-views', ID, clock.now());
    expect(kept?.value).toMatchObject({ failures: 1, code: 'network', readAt: at('10:30') });
  });
});

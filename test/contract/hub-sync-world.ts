import { z } from 'zod';
import { nodeFetch } from '../../src/adapters/node/nodeFetch.ts';
import type { PersonRecord } from '../../src/hub/model.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { type OrgSync, startOrgSync } from '../../src/hub/sync/orgSync.ts';
import { type SyncSettings, syncSettingsOf, syncShape } from '../../src/hub/sync/settings.ts';
import { localQueue } from '../../src/hub/sync/workQueue.ts';
import { type EventInput, type Exchange, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { MemoryHub } from '../fakes/memoryHubStore.ts';
import { MemoryLogger } from '../fakes/memoryStores.ts';

/** A Monday; nobody has met yet. */
export const MORNING = '2026-01-05T08:50:00Z';
export const at = (time: string): Date => new Date(`2026-01-05T${time}Z`);
export const instant = (time: string): number => at(time).getTime();

export const meeting = (from: string, to: string, rest: Partial<EventInput> = {}): EventInput => ({
  start: at(from),
  end: at(to),
  ...rest,
});

const PATIENCE = 10_000;

/** Resolves once it is so; it looks after everything that happens. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > PATIENCE) throw new Error(`It did not come to pass: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export interface SyncWorld {
  readonly sandbox: Sandbox;
  readonly hub: MemoryHub;
  readonly store: HubStore;
  readonly clock: FakeClock;
  readonly log: MemoryLogger;
  readonly sync: OrgSync;
  settings(env?: Record<string, string>): SyncSettings;
  /** Another hub on the same store. */
  start(env?: Record<string, string>): OrgSync;
  address(number: number): string;
  record(number: number): Promise<PersonRecord>;
  /** What the others see: the state, or offline. */
  shown(number: number): Promise<string>;
  /** What Graph was asked so far. */
  calls(): readonly Exchange[];
  /** Lets time pass, then waits until nobody is due. */
  pass(time: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly people?: number;
  readonly roles?: readonly string[];
  readonly env?: Record<string, string>;
  /** The days of some, by their number; the others have the stand-in's. */
  readonly days?: Readonly<Record<number, readonly EventInput[]>>;
  /** What to do before the hub starts. */
  readonly before?: (world: { readonly sandbox: Sandbox; readonly store: HubStore }) => unknown;
}

/** A hub with organisation sync, its store in memory and the clock in the test's hand, on the stand-in of Microsoft 365. */
export async function openSyncWorld({
  people = 45,
  roles,
  env = {},
  days = {},
  before,
}: WorldOptions = {}): Promise<SyncWorld> {
  const clock = new FakeClock(MORNING);
  const organisation = { people, ...(roles === undefined ? {} : { roles }) };
  const sandbox = await startSandbox({ slack: false, organisation, now: () => clock.now() });
  const fetch = nodeFetch({ trustedCertificates: [sandbox.certificate.cert] });
  const hub = new MemoryHub();
  const store = hub.open();
  const log = new MemoryLogger();
  const { app } = sandbox.known;
  const settings = (more: Record<string, string> = {}): SyncSettings => {
    const given = {
      HUB_SYNC_TENANT: app.tenantId,
      HUB_SYNC_CLIENT_ID: app.clientId,
      HUB_SYNC_CLIENT_SECRET: app.secret,
      HUB_SYNC_AUTHORITY: sandbox.urls.entra,
      HUB_SYNC_GRAPH: sandbox.urls.graph.replace('/v1.0', ''),
      ...env,
      ...more,
    };
    const made = syncSettingsOf(z.object(syncShape).parse(given), () => '{}');
    if (made === null) throw new Error('organisation sync is off');
    return made;
  };
  let hubs = 0;
  let ids = 0;
  const running: OrgSync[] = [];
  const start = (more: Record<string, string> = {}): OrgSync => {
    hubs += 1;
    const sync = startOrgSync({
      settings: settings(more),
      store: hub.open(),
      fetch,
      clock,
      log,
      owner: `hub-${hubs}`,
      newId: () => `person${String(++ids).padStart(20, '0')}`,
      queues: { reads: localQueue(), edges: localQueue() },
    });
    running.push(sync);
    return sync;
  };
  const address = (number: number) => sandbox.graph.organisation.address(number);
  for (const [number, events] of Object.entries(days)) {
    sandbox.graph.organisation.setEvents(address(Number(number)), events);
  }
  await before?.({ sandbox, store });
  const sync = start();
  const record = async (number: number) => {
    const found = await store.recordByEmail(address(number));
    if (found === null) throw new Error(`the hub has no person ${number}`);
    return found;
  };
  return {
    sandbox,
    hub,
    store,
    clock,
    log,
    sync,
    settings,
    start,
    address,
    record,
    async shown(number) {
      const { said, reporting } = await record(number);
      return reporting ? said.state : 'offline';
    },
    calls: () => sandbox.exchanges.filter(({ service }) => service === 'graph'),
    async pass(time) {
      await clock.advanceTo(`2026-01-05T${time}Z`);
      await store.endDue(clock.now(), 1_000);
      await until(() => running.at(-1)?.metrics.waiting(clock.now()) === 0, 'nobody is due');
    },
    async close() {
      for (const each of running) await each.close();
      await sandbox.close();
    },
  };
}

/** Resolves once everybody was tried. */
export const allTried = ({ sync }: SyncWorld, people = 45): Promise<void> =>
  until(() => sync.metrics.done + sync.metrics.failed >= people, 'everybody was tried');

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { openSqliteStore } from '../../src/hub/store/sqlite/store.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { HubStoreWorld } from './hub-store-world.ts';

const START = Date.now();
const FASTER = 10;

/** Runs ten times as fast, so that no test waits long for what other handles write. */
const fastClock: Clock = {
  ...systemClock,
  now: () => START + (systemClock.now() - START) * FASTER,
  after: (delay, call) => systemClock.after(delay / FASTER, call),
};

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'hub-store-'));

/** A file of its own; other processes are other handles on it. */
export async function openSqliteWorld(): Promise<HubStoreWorld> {
  const folder = newFolder();
  const stores: HubStore[] = [];
  const open = async (): Promise<HubStore> => {
    const store = await openSqliteStore({ folder, clock: fastClock });
    stores.push(store);
    return store;
  };
  const store = await open();
  return {
    store,
    second: open,
    async reopen() {
      await store.close();
      return open();
    },
    async lose() {
      // Somebody who looks at the file with another program, and stays in a transaction.
      const holder = new Database(join(folder, 'hub.db'), {});
      holder.exec('BEGIN EXCLUSIVE');
      return async () => {
        holder.exec('ROLLBACK');
        holder.close();
      };
    },
    async close() {
      await Promise.all(stores.map((each) => each.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

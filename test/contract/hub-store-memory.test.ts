import type { HubStore } from '../../src/hub/store/port.ts';
import { MemoryHub } from '../fakes/memoryHubStore.ts';
import { hubStoreContract } from './hub-store-contract.ts';

hubStoreContract('memory', async () => {
  const hub = new MemoryHub();
  const open: HubStore[] = [];
  const another = async () => {
    const store = hub.open();
    open.push(store);
    return store;
  };
  const store = await another();
  return {
    store,
    async reopen() {
      await store.close();
      return another();
    },
    second: another,
    async lose() {
      const back = hub.lose();
      return async () => back();
    },
    async close() {
      for (const each of open) await each.close();
    },
  };
});

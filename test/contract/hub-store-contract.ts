import { describe } from 'vitest';
import { hubStoreDocuments } from './hub-store-documents.ts';
import { hubStoreFeed } from './hub-store-feed.ts';
import { hubStoreModel } from './hub-store-model.ts';
import { hubStorePeople } from './hub-store-people.ts';
import { hubStorePresence } from './hub-store-presence.ts';
import type { OpenHubStore } from './hub-store-world.ts';

/** What every store of the hub must do; the hub relies on no more than this. */
export function hubStoreContract(name: string, openWorld: OpenHubStore): void {
  describe(`hub store contract: ${name}`, () => {
    describe('people', () => hubStorePeople(openWorld));
    describe('what they show', () => hubStorePresence(openWorld));
    describe('the feed', () => hubStoreFeed(openWorld));
    describe('documents and leases', () => hubStoreDocuments(openWorld));
    describe('a model of it', () => hubStoreModel(openWorld));
  });
}

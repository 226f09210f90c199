import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Documents, HubStore } from '../../src/hub/store/port.ts';
import { type HubStoreWorld, MINUTE, NOW, type OpenHubStore, refused } from './hub-store-world.ts';

/** The part of the contract on documents and leases. */
export function hubStoreDocuments(openWorld: OpenHubStore): void {
  let world: HubStoreWorld;
  let store: HubStore;
  let documents: Documents;
  beforeEach(async () => {
    world = await openWorld();
    store = world.store;
    documents = store.documents;
  });
  afterEach(() => world.close());

  const keysOf = async (collection: string, after?: string, limit = 100, now = NOW) =>
    (await documents.list(collection, { ...(after === undefined ? {} : { after }), limit }, now)).map(({ key }) => key);

  it.each([
    ['an object', { a: 1, b: [true, null, 'é😀'], c: { d: 0.1, e: -1e21 } }],
    ['an empty list', []],
    ['a list in a list', { scopes: [], nested: [[]] }],
    ['a text', 'line\nline "quoted" \u2028 \\'],
    ['a number', 1_790_000_000_123],
    ['null', null],
    ['false', false],
    ['much', 'x'.repeat(200_000)],
  ])('keeps %s', async (_, value) => {
    const version = await documents.put('things', 'key', value, NOW);
    expect(await documents.get('things', 'key', NOW)).toEqual({ key: 'key', value, version });
    expect(await documents.list('things', { limit: 10 }, NOW)).toEqual([{ key: 'key', value, version }]);
    const again = await world.reopen();
    expect(await again.documents.get('things', 'key', NOW)).toEqual({ key: 'key', value, version });
  });

  it('keeps collections and keys apart, however they are written', async () => {
    const names = [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['a', '*'],
      ['a', '%'],
      ['a', '__proto__'],
      ['a', ' '],
      ['x'.repeat(200), 'é'.repeat(200)],
    ] as const;
    for (const [index, [collection, key]] of names.entries()) await documents.put(collection, key, index, NOW);
    for (const [index, [collection, key]] of names.entries()) {
      expect((await documents.get(collection, key, NOW))?.value).toBe(index);
    }
    expect(await documents.get('a', 'c', NOW)).toBeNull();
    expect(await keysOf('a:b')).toEqual(['c']);
    expect(await keysOf('nothing')).toEqual([]);
  });

  it('raises the version with each put, after a delete too', async () => {
    const versions = [await documents.put('c', 'k', 1, NOW), await documents.put('c', 'k', 1, NOW)];
    expect(await documents.delete('c', 'k')).toBe(true);
    expect(await documents.delete('c', 'k')).toBe(false);
    expect(await documents.get('c', 'k', NOW)).toBeNull();
    versions.push(await documents.put('c', 'k', 2, NOW));
    expect(versions[0]).toBeGreaterThan(0);
    expect(versions[1]).toBeGreaterThan(Number(versions[0]));
    // Who has read the one that was deleted must not write over its successor.
    expect(versions[2]).toBeGreaterThan(Number(versions[1]));
    expect(await documents.get('c', 'k', NOW)).toEqual({ key: 'k', value: 2, version: versions[2] });
  });

  it('puts only over the version that is expected', async () => {
    await refused(documents.put('c', 'k', 0, NOW, { expected: 3 }), 'conflict');
    const first = await documents.put('c', 'k', 1, NOW, { expected: 0 });
    await refused(documents.put('c', 'k', 2, NOW, { expected: 0 }), 'conflict');
    const second = await documents.put('c', 'k', 3, NOW, { expected: first });
    await refused(documents.put('c', 'k', 4, NOW, { expected: first }), 'conflict');
    expect(await documents.get('c', 'k', NOW)).toEqual({ key: 'k', value: 3, version: second });
  });

  it('lets one of many win who expect the same', async () => {
    const other = await world.second();
    let version = await documents.put('c', 'counter', 0, NOW);
    for (let round = 1; round <= 10; round++) {
      const outcomes = await Promise.allSettled(
        [store, other, store, other].map((handle) =>
          handle.documents.put('c', 'counter', round, NOW, { expected: version }),
        ),
      );
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(won).toHaveLength(1);
      version = Number(won[0]);
    }
    expect(await other.documents.get('c', 'counter', NOW)).toEqual({ key: 'counter', value: 10, version });
  });

  it('has nothing of what has expired', async () => {
    const at = NOW + MINUTE;
    const version = await documents.put('c', 'a', 1, NOW, { expiresAt: at });
    await documents.put('c', 'b', 2, NOW);
    expect(await documents.get('c', 'a', at - 1)).toEqual({ key: 'a', value: 1, version });
    expect(await documents.get('c', 'a', at)).toBeNull();
    expect(await keysOf('c', undefined, 10, at - 1)).toEqual(['a', 'b']);
    expect(await keysOf('c', undefined, 10, at)).toEqual(['b']);
    // A page is full although expired ones lie before.
    expect(await keysOf('c', undefined, 1, at)).toEqual(['b']);
    await refused(documents.put('c', 'a', 3, at, { expected: version }), 'conflict');
    expect(await documents.put('c', 'a', 4, at, { expected: 0 })).toBeGreaterThan(version);
    expect((await documents.get('c', 'a', at + 60 * MINUTE))?.value).toBe(4);
  });

  it('takes the end of the last put, or none', async () => {
    await documents.put('c', 'k', 1, NOW, { expiresAt: NOW + MINUTE });
    await documents.put('c', 'k', 2, NOW, { expiresAt: NOW + 3 * MINUTE });
    expect((await documents.get('c', 'k', NOW + 2 * MINUTE))?.value).toBe(2);
    expect(await documents.get('c', 'k', NOW + 3 * MINUTE)).toBeNull();
    await documents.put('c', 'k', 3, NOW);
    expect((await documents.get('c', 'k', NOW + 600 * MINUTE))?.value).toBe(3);
  });

  it('lists in the order of the bytes, page by page', async () => {
    // In UTF-16 the clef would come before the wide tilde.
    const keys = ['', 'A', 'B', 'a', 'a b', 'aa', 'z', 'é', '～', '𝄞'].filter((key) => key !== '');
    for (const key of [...keys].reverse()) await documents.put('c', key, key, NOW);
    await documents.put('d', 'other', 0, NOW);
    expect(await keysOf('c')).toEqual(keys);
    const paged: string[] = [];
    for (;;) {
      const page = await keysOf('c', paged.at(-1), 2);
      paged.push(...page);
      if (page.length < 2) break;
    }
    expect(paged).toEqual(keys);
    expect(await keysOf('c', 'a0', 2)).toEqual(['aa', 'z']);
    await documents.delete('c', 'a');
    expect(await keysOf('c', 'a', 1)).toEqual(['a b']);
  });

  it('gives a right to one owner at a time', async () => {
    const until = NOW + MINUTE;
    expect(await store.lease('webhooks', 'ada', until, NOW)).toBe(true);
    expect(await store.lease('webhooks', 'bob', until, NOW + 1)).toBe(false);
    expect(await store.lease('other', 'bob', until, NOW)).toBe(true);
    expect(await store.lease('webhooks', 'ada', until + MINUTE, NOW + 2)).toBe(true);
    expect(await store.lease('webhooks', 'bob', until + MINUTE, until)).toBe(false);
    expect(await store.lease('webhooks', 'bob', until + 2 * MINUTE, until + MINUTE)).toBe(true);
    expect(await store.lease('webhooks', 'ada', until + 2 * MINUTE, until + MINUTE)).toBe(false);
  });

  it('takes a right back that its owner lets go', async () => {
    expect(await store.lease('webhooks', 'ada', NOW + MINUTE, NOW)).toBe(true);
    expect(await store.lease('webhooks', 'ada', NOW, NOW)).toBe(true);
    expect(await store.lease('webhooks', 'bob', NOW + MINUTE, NOW)).toBe(true);
  });

  it('gives it to one of many who ask at once', async () => {
    const other = await world.second();
    const got = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((owner, index) =>
        (index % 2 === 0 ? store : other).lease('trim', owner, NOW + MINUTE, NOW),
      ),
    );
    expect(got.filter(Boolean)).toHaveLength(1);
  });
}

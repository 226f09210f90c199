import { describe, expect, it } from 'vitest';
import { memoryDocuments } from '../../../../src/hub/addons/memoryDocuments.ts';

const NOW = 1_790_000_000_000;

describe('documents in memory', () => {
  it('keep what was put, as JSON, with a rising version', async () => {
    const documents = memoryDocuments();
    const value = { list: [1], gone: undefined };
    const first = await documents.put('c', 'k', value, NOW);
    value.list.push(2);
    expect(await documents.get('c', 'k', NOW)).toEqual({ key: 'k', value: { list: [1] }, version: first });
    expect(await documents.delete('c', 'k')).toBe(true);
    expect(await documents.delete('c', 'k')).toBe(false);
    expect(await documents.put('c', 'k', 1, NOW)).toBeGreaterThan(first);
  });

  it('are replaced only in the version that was expected', async () => {
    const documents = memoryDocuments();
    const version = await documents.put('c', 'k', 1, NOW, { expected: 0, expiresAt: NOW + 10 });
    await expect(documents.put('c', 'k', 2, NOW, { expected: 0 })).rejects.toMatchObject({ code: 'conflict' });
    await expect(documents.put('c', 'k', 2, NOW, { expected: version + 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    await documents.put('c', 'k', 2, NOW + 10, { expected: 0 });
    expect((await documents.get('c', 'k', NOW + 10))?.value).toBe(2);
  });

  it('are listed by the bytes of their keys, those that have not expired', async () => {
    const documents = memoryDocuments();
    for (const key of ['b', 'é', 'a', '😀', '\uffff']) await documents.put('c', key, key, NOW);
    await documents.put('c', 'aa', 'short', NOW, { expiresAt: NOW + 1 });
    const keys = async (after: string, limit: number, now = NOW + 1) =>
      (await documents.list('c', { after, limit }, now)).map(({ key }) => key);
    expect(await keys('', 10)).toEqual(['a', 'b', 'é', '\uffff', '😀']);
    expect(await keys('', 3, NOW)).toEqual(['a', 'aa', 'b']);
    expect(await keys('b', 1)).toEqual(['é']);
    expect(await documents.list('other', { limit: 1 }, NOW)).toEqual([]);
  });

  it('that have expired are forgotten in time', async () => {
    const documents = memoryDocuments();
    for (let put = 0; put < 1_000; put += 1)
      await documents.put('c', String(put), put, NOW + put, { expiresAt: NOW + put + 1 });
    expect(await documents.list('c', { limit: 2_000 }, 0)).toHaveLength(1);
  });
});

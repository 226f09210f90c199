import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../../src/hub/commands/fairQueue.ts';

const filled = (mostRunning: number, items: readonly string[]) => {
  const queue = new FairQueue<string>({ mostRunning, mostWaiting: 3 });
  for (const item of items) queue.add(item.slice(0, 1), item);
  return queue;
};
const takeAll = (queue: FairQueue<string>): readonly string[] => {
  const taken: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) taken.push(next.item);
  return taken;
};

describe('the queue', () => {
  it('gives each room its turn', () => {
    expect(takeAll(filled(9, ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']))).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  });

  it('lets one room have only so many at once', () => {
    const queue = filled(2, ['a1', 'a2', 'a3', 'b1']);
    expect(takeAll(queue)).toEqual(['a1', 'b1', 'a2']);
    expect(queue.size).toBe(1);
    queue.release('b');
    expect(takeAll(queue)).toEqual([]);
    queue.release('a');
    expect(takeAll(queue)).toEqual(['a3']);
    expect(queue.size).toBe(0);
  });

  it('has so many places for each room', () => {
    const queue = filled(1, ['a1', 'a2', 'b1']);
    expect([queue.hasPlace('a'), queue.hasPlace('b')]).toEqual([true, true]);
    queue.add('a', 'a3');
    expect([queue.hasPlace('a'), queue.hasPlace('b')]).toEqual([false, true]);
    queue.take();
    expect(queue.hasPlace('a')).toBe(true);
  });

  it('gives back what waits', () => {
    const queue = filled(1, ['a1', 'a2', 'b1']);
    queue.take();
    expect(queue.drain()).toEqual(['b1', 'a2']);
    expect([queue.size, queue.take()]).toEqual([0, null]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../../../src/hub/sync/dueHeap.ts';
import type { JobResult, PersonResult, SyncJob, SyncPerson } from '../../../../src/hub/sync/model.ts';
import { SyncPlanner } from '../../../../src/hub/sync/planner.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const INTERVAL = 5 * MINUTE;
const START = Date.parse('2026-01-05T09:00:00Z');

const person = (number: number): SyncPerson => ({ id: `p${number}`, mailbox: `m${number}`, address: `${number}@x` });
const people = (count: number) => Array.from({ length: count }, (_, number) => person(number));
const planner = (maxJobs = 1_000) => new SyncPlanner({ interval: INTERVAL, maxJobs, name: 'test' });
const ids = (jobs: readonly SyncJob[]) => jobs.flatMap((job) => job.people.map(({ id }) => id));
const result = (job: SyncJob, change: Partial<PersonResult> = {}, heldUntil: number | null = null): JobResult => ({
  people: job.people.map(({ id }) => ({ id, outcome: 'done', edge: null, marks: 1, notBefore: 0, ...change })),
  heldUntil,
});

describe('the heap of what is due', () => {
  it('gives what has waited longest first, and passes over what is no longer so', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean())), (items) => {
        const heap = new DueHeap<{ isSo: boolean }>(({ isSo }) => isSo);
        for (const [at, isSo] of items) heap.push({ isSo }, at);
        const wanted = items
          .filter(([, isSo]) => isSo)
          .map(([at]) => at)
          .sort((a, b) => a - b);
        const found: number[] = [];
        for (let next = heap.next; next !== null; next = heap.next) {
          found.push(next);
          expect(heap.takeDue(next - 1)).toBeNull();
          expect(heap.takeDue(next)).not.toBeNull();
        }
        expect(found).toEqual(wanted);
      }),
    );
  });
});

describe('the planner', () => {
  it('reads everybody at once at first, twenty to a job, and then spreads them over the interval', () => {
    const plan = planner();
    plan.set(people(1_000), START);
    const jobs = plan.take(START);
    expect(jobs.map((job) => [job.kind, job.people.length])).toEqual(Array(50).fill(['read', 20]));
    expect(new Set(ids(jobs)).size).toBe(1_000);
    for (const job of jobs) plan.done(job.id, result(job), START);
    // Each minute brings about a fifth.
    const counts = [1, 2, 3, 4, 5].map((minute) => {
      const due = plan.take(START + minute * MINUTE);
      for (const job of due) plan.done(job.id, result(job), START + minute * MINUTE);
      return ids(due).length;
    });
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(1_000);
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(80);
  });

  it('reads at the same moments whichever hub plans, and as rarely as it is told', () => {
    const times = (marks: number) => {
      const plan = planner();
      plan.set([person(1)], START);
      const [job] = plan.take(START);
      if (job === undefined) throw new Error('no job');
      plan.done(job.id, result(job, { marks }), START + 3 * SECOND);
      return plan.nextAt(START) ?? 0;
    };
    expect(times(1)).toBe(times(1));
    expect(times(12) - times(1)).toBe(11 * INTERVAL);
    expect(times(1) - START).toBeLessThanOrEqual(INTERVAL + 3 * SECOND);
  });

  it('reads each once for each mark, also who fills up a job before it', () => {
    const plan = planner();
    plan.set(people(50), START);
    const reads = new Map<string, number>();
    for (let now = START; now < START + 60 * MINUTE; now += SECOND) {
      for (const job of plan.take(now)) {
        for (const id of ids([job])) reads.set(id, (reads.get(id) ?? 0) + 1);
        plan.done(job.id, result(job), now);
      }
    }
    expect(new Set(reads.values()).size).toBeLessThanOrEqual(2);
    expect([...reads.values()].every((count) => count === 12 || count === 13)).toBe(true);
  });

  it('takes those who have waited longest first when not all may be read', () => {
    const plan = planner(2);
    const known = new Map(people(100).map(({ id }, number) => [id, { due: START - number * SECOND, edge: null }]));
    plan.set(people(100), START, known);
    const first = plan.take(START);
    expect(ids(first)).toEqual(Array.from({ length: 40 }, (_, place) => `p${99 - place}`));
    expect(plan.take(START)).toEqual([]);
    expect(plan.lag(START)).toBe(99 * SECOND);
    const [one] = first;
    if (one === undefined) throw new Error('no job');
    plan.done(one.id, result(one), START);
    expect(ids(plan.take(START))[0]).toBe('p59');
  });

  it('decides edges on time, all of them, whatever is being read', () => {
    const plan = planner(1);
    const known = new Map(people(50).map(({ id }) => [id, { due: START, edge: START + MINUTE }]));
    plan.set(people(50), START, known);
    expect(plan.take(START).map(({ kind }) => kind)).toEqual(['read']);
    plan.hold(START + 10 * MINUTE);
    expect(plan.nextAt(START)).toBe(START + MINUTE);
    expect(plan.take(START + MINUTE - 1)).toEqual([]);
    const edges = plan.take(START + MINUTE);
    expect(edges.map((job) => [job.kind, job.people.length])).toEqual([
      ['edge', 20],
      ['edge', 20],
      ['edge', 10],
    ]);
    for (const job of edges) plan.done(job.id, result(job, { edge: START + 2 * MINUTE }), START + MINUTE);
    expect(ids(plan.take(START + 2 * MINUTE))).toHaveLength(50);
  });

  it('holds the tenant, and lets one job go ahead when it is over', () => {
    const plan = planner();
    plan.set(people(60), START);
    const [one, two, three] = plan.take(START);
    if (one === undefined || two === undefined || three === undefined) throw new Error('no jobs');
    for (const job of [one, two, three]) plan.done(job.id, result(job, { outcome: 'held' }, START + MINUTE), START);
    expect(plan.nextAt(START)).toBe(START + MINUTE);
    expect(plan.take(START + MINUTE - 1)).toEqual([]);
    expect(plan.lag(START + MINUTE - 1)).toBe(MINUTE - 1);
    const probe = plan.take(START + MINUTE);
    expect(probe).toHaveLength(1);
    const [ahead] = probe;
    if (ahead === undefined) throw new Error('no job');
    plan.done(ahead.id, result(ahead), START + MINUTE);
    expect(plan.take(START + MINUTE)).toHaveLength(2);
  });

  it('waits for each as long as it was told to, and counts whose view is stale', () => {
    const plan = planner();
    plan.set(people(2), START);
    const [job] = plan.take(START);
    if (job === undefined) throw new Error('no job');
    const failed = { id: 'p0', outcome: 'failed', edge: null, marks: 0, notBefore: START + 47_500 } as const;
    plan.done(
      job.id,
      { people: [failed, { ...failed, id: 'p1', outcome: 'done', marks: 12 }], heldUntil: null },
      START,
    );
    expect(plan.stale).toBe(1);
    expect(plan.nextAt(START)).toBe(START + 47_500);
    const [again] = plan.take(START + 47_500);
    if (again === undefined) throw new Error('no job');
    expect(ids([again])).toEqual(['p0']);
    plan.done(again.id, result(again), START + 47_500);
    expect(plan.stale).toBe(0);
  });

  it('gives people to another job when theirs has failed or was lost', () => {
    const plan = planner();
    plan.set(people(20), START);
    const [failed] = plan.take(START);
    plan.failed(failed?.id ?? '', START);
    expect(plan.take(START + 4 * SECOND)).toEqual([]);
    const [lost] = plan.take(START + 5 * SECOND);
    expect(lost?.people).toHaveLength(20);
    expect(ids(plan.take(START + 2 * MINUTE))).toEqual([]);
    plan.take(START + 4 * MINUTE);
    expect(ids(plan.take(START + 5 * MINUTE))).toHaveLength(20);
    // What comes back after all changes nothing.
    if (lost !== undefined) plan.done(lost.id, result(lost), START + 5 * MINUTE);
    expect(plan.outstanding).toBe(1);
  });

  it('decides anew of whom something was said, also while they are being decided', () => {
    const plan = planner();
    plan.set(people(1), START, new Map([['p0', { due: START + INTERVAL, edge: null }]]));
    plan.noticed('p0', START);
    plan.noticed('nobody', START);
    const [edge] = plan.take(START);
    expect(edge?.kind).toBe('edge');
    plan.noticed('p0', START + 1);
    expect(plan.take(START + 1)).toEqual([]);
    if (edge !== undefined) plan.done(edge.id, result(edge, { edge: START + MINUTE }), START + 2);
    expect(plan.take(START + 2).map(({ kind }) => kind)).toEqual(['edge']);
  });

  it('forgets who has left, and says who had a job then', () => {
    const plan = planner();
    plan.set(people(3), START);
    const [job] = plan.take(START);
    plan.set(people(2), START);
    expect(plan.people).toBe(2);
    expect(job === undefined ? [] : plan.done(job.id, result(job), START)).toEqual(['p2']);
    expect(new Set(ids(plan.take(START + INTERVAL + 3 * SECOND)))).toEqual(new Set(['p0', 'p1']));
  });

  it('leaves nobody out, whatever becomes of the jobs', () => {
    const fate = fc.constantFrom('done', 'failed', 'held', 'lost', 'broken');
    fc.assert(
      fc.property(fc.array(fate, { minLength: 1, maxLength: 40 }), (fates) => {
        const plan = planner(3);
        plan.set(people(100), START);
        const read = new Map<string, number>();
        let now = START;
        let job = 0;
        for (let step = 0; step < 2_000; step++) {
          now += SECOND;
          for (const each of plan.take(now)) {
            // In the end all goes well.
            const what = step < 1_000 ? (fates[job++ % fates.length] ?? 'done') : 'done';
            if (what === 'done') for (const { id } of each.people) read.set(id, now);
            if (what === 'done') plan.done(each.id, result(each), now);
            if (what === 'failed')
              plan.done(each.id, result(each, { outcome: 'failed', notBefore: now + MINUTE }), now);
            if (what === 'held') plan.done(each.id, result(each, { outcome: 'held' }, now + 30 * SECOND), now);
            if (what === 'broken') plan.failed(each.id, now);
          }
        }
        expect(read.size).toBe(100);
        expect(Math.min(...read.values())).toBeGreaterThan(now - 2 * INTERVAL);
        expect([plan.stale, plan.waiting(now)]).toEqual([0, 0]);
      }),
      { numRuns: 30 },
    );
  });
});

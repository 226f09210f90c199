import { type Instant, MINUTE, SECOND } from '../../core/time.ts';
import { DueHeap } from './dueHeap.ts';
import type { PlanFigures } from './metrics.ts';
import { JOB_SIZE, type JobResult, type PersonResult, type SyncJob, type SyncPerson } from './model.ts';

export interface PlannerOptions {
  /** Between two marks; milliseconds. */
  readonly interval: number;
  /** Jobs of reading at most that are out at once: what is not out yet can still be put in a fair order. */
  readonly maxJobs: number;
  /** What the ids of this planner's jobs begin with; no two planners' are the same. */
  readonly name: string;
}

/** Who is due this soon fills up a job that is not full. */
const SOON = 15 * SECOND;
/** A job that nobody has begun by then is left by whoever takes it. */
const STARTS_WITHIN = MINUTE;
/** A job that has not come back by then is lost with the hub that had it. */
const LOST_AFTER = 3 * MINUTE;
/** After a job that failed as a whole, as when the store can't be reached. */
const AFTER_FAILURE = 5 * SECOND;

interface Slot {
  readonly person: SyncPerson;
  /** Where in the interval their marks lie, so that not all are read at once. */
  readonly offset: number;
  /** When to read them next; stays while that is under way. */
  due: Instant;
  edge: Instant | null;
  isReading: boolean;
  isDeciding: boolean;
  isStale: boolean;
}

interface Out {
  readonly job: SyncJob;
  readonly slots: readonly Slot[];
  readonly at: Instant;
}

/** FNV-1a, 32 bits: spreads ids evenly and is the same on every hub. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  // The low bits of ids that count up differ too little without this.
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

/** Who is to be read or decided when. Plain state: it calls nobody, and time is told to it. */
export class SyncPlanner implements PlanFigures {
  readonly #options: PlannerOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #reads = new DueHeap<Slot>((slot, at) => this.#isIn(slot) && !slot.isReading && slot.due === at);
  readonly #edges = new DueHeap<Slot>((slot, at) => this.#isIn(slot) && !slot.isDeciding && slot.edge === at);
  readonly #out = new Map<string, Out>();
  #readsOut = 0;
  #jobs = 0;
  #stale = 0;
  #heldUntil: Instant = 0;
  /** After a hold one job goes ahead; the others follow when it went well. */
  #isProbing = false;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  #isIn(slot: Slot): boolean {
    return this.#slots.get(slot.person.id) === slot;
  }

  /**
   * Says whose calendars are to be read. Who is new is due at once, or at what is known of them.
   * @param known what another planner has left: when they are due and when their timeline has an edge
   */
  set(
    people: readonly SyncPerson[],
    now: Instant,
    known: ReadonlyMap<string, { readonly due: Instant; readonly edge: Instant | null }> = new Map(),
  ): void {
    const listed = new Set(people.map(({ id }) => id));
    for (const id of this.#slots.keys()) if (!listed.has(id)) this.remove(id);
    for (const person of people) {
      const old = this.#slots.get(person.id);
      if (old?.person.mailbox === person.mailbox && old.person.address === person.address) continue;
      if (old !== undefined) this.#mark(old, false);
      const before = known.get(person.id);
      const offset = hashOf(person.id) % this.#options.interval;
      const due = before?.due ?? now;
      const state = { isReading: false, isDeciding: false, isStale: false };
      const slot: Slot = { person, offset, due, edge: before?.edge ?? null, ...state };
      this.#slots.set(person.id, slot);
      this.#reads.push(slot, due);
      if (slot.edge !== null) this.#edges.push(slot, slot.edge);
    }
  }

  /** They are not to be read any more. */
  remove(id: string): void {
    const slot = this.#slots.get(id);
    if (slot !== undefined) this.#mark(slot, false);
    this.#slots.delete(id);
  }

  /** Something was said of them elsewhere: decide anew, by what is known. */
  noticed(id: string, now: Instant): void {
    const slot = this.#slots.get(id);
    if (slot !== undefined && (slot.edge === null || slot.edge > now)) this.#setEdge(slot, now);
  }

  /** The jobs for now: all edges; reads as many as may be out, those who have waited longest first. */
  take(now: Instant): readonly SyncJob[] {
    for (const [id, { at }] of this.#out) if (now - at >= LOST_AFTER) this.failed(id, now);
    const jobs: SyncJob[] = [];
    for (;;) {
      const slots = this.#pop(this.#edges, now, JOB_SIZE, (slot) => {
        slot.isDeciding = true;
        slot.edge = null;
      });
      if (slots.length === 0) break;
      jobs.push(this.#send('edge', slots, now));
    }
    const reading = (slot: Slot) => {
      slot.isReading = true;
    };
    while (this.#mayRead(now)) {
      const slots = this.#pop(this.#reads, now, JOB_SIZE, reading);
      if (slots.length === 0) break;
      slots.push(...this.#pop(this.#reads, now + SOON, JOB_SIZE - slots.length, reading));
      this.#readsOut += 1;
      jobs.push(this.#send('read', slots, now));
    }
    return jobs;
  }

  #mayRead(now: Instant): boolean {
    return now >= this.#heldUntil && this.#readsOut < (this.#isProbing ? 1 : this.#options.maxJobs);
  }

  /** @param take makes a slot no longer due, so that it is not found twice */
  #pop(heap: DueHeap<Slot>, now: Instant, most: number, take: (slot: Slot) => void): Slot[] {
    const slots: Slot[] = [];
    while (slots.length < most) {
      const slot = heap.takeDue(now);
      if (slot === null) break;
      take(slot);
      slots.push(slot);
    }
    return slots;
  }

  #send(kind: SyncJob['kind'], slots: readonly Slot[], now: Instant): SyncJob {
    this.#jobs += 1;
    const id = `${this.#options.name}-${this.#jobs}`;
    const job: SyncJob = { id, kind, people: slots.map(({ person }) => person), before: now + STARTS_WITHIN };
    this.#out.set(id, { job, slots, at: now });
    return job;
  }

  /**
   * A job has come back.
   * @returns who is not to be read any more, though the job still had them
   */
  done(id: string, { people, heldUntil }: JobResult, now: Instant): readonly string[] {
    const out = this.#end(id);
    if (heldUntil !== null) this.hold(heldUntil);
    else if (out?.job.kind === 'read' && now >= this.#heldUntil) this.#isProbing = false;
    const results = new Map(people.map((result) => [result.id, result]));
    for (const slot of out?.slots ?? []) {
      const result = results.get(slot.person.id);
      if (out?.job.kind === 'edge') this.#decided(slot, result, now);
      else this.#read(slot, result, now);
    }
    return [...results.keys()].filter((person) => !this.#slots.has(person));
  }

  /** A job has failed as a whole, or was lost: its people are due again. */
  failed(id: string, now: Instant): void {
    const out = this.#end(id);
    for (const slot of out?.slots ?? []) {
      if (out?.job.kind === 'edge') this.#decided(slot, undefined, now);
      else this.#setDue(slot, Math.max(slot.due, now + AFTER_FAILURE));
    }
  }

  #end(id: string): Out | undefined {
    const out = this.#out.get(id);
    this.#out.delete(id);
    if (out?.job.kind === 'read') this.#readsOut -= 1;
    return out;
  }

  #decided(slot: Slot, result: PersonResult | undefined, now: Instant): void {
    slot.isDeciding = false;
    if (!this.#isIn(slot)) return;
    const isUndone = result === undefined || result.outcome === 'held';
    const next = isUndone ? now + AFTER_FAILURE : result.edge;
    // It may have been asked for anew meanwhile.
    if (slot.edge === null) this.#setEdge(slot, next);
    else this.#setEdge(slot, next === null ? slot.edge : Math.min(slot.edge, next));
  }

  #read(slot: Slot, result: PersonResult | undefined, now: Instant): void {
    if (result === undefined || result.outcome === 'held') this.#setDue(slot, slot.due);
    else if (this.#isIn(slot)) this.#readWith(slot, result, now);
  }

  #readWith(slot: Slot, result: PersonResult, now: Instant): void {
    this.#mark(slot, result.outcome === 'failed');
    // Not where it was asked to be decided anew meanwhile.
    if (!slot.isDeciding && (slot.edge === null || slot.edge > now)) this.#setEdge(slot, result.edge);
    // Who filled up a job was read a little before their mark, and need not be read at it.
    const next = this.#markAfter(slot, result.marks, Math.max(now, slot.due));
    this.#setDue(slot, result.outcome === 'failed' ? Math.max(result.notBefore, now + SECOND) : next);
  }

  #markAfter({ offset }: Slot, marks: number, now: Instant): Instant {
    const { interval } = this.#options;
    return (Math.floor((now - offset) / interval) + Math.max(1, marks)) * interval + offset;
  }

  #setDue(slot: Slot, due: Instant): void {
    slot.due = due;
    slot.isReading = false;
    if (this.#isIn(slot)) this.#reads.push(slot, due);
  }

  #setEdge(slot: Slot, edge: Instant | null): void {
    slot.edge = edge;
    if (edge !== null && !slot.isDeciding) this.#edges.push(slot, edge);
  }

  #mark(slot: Slot, isStale: boolean): void {
    this.#stale += Number(isStale) - Number(slot.isStale);
    slot.isStale = isStale;
  }

  /** Leaves the whole tenant in peace. Edges are decided all the same. */
  hold(until: Instant): void {
    this.#heldUntil = Math.max(this.#heldUntil, until);
    this.#isProbing = true;
  }

  /** When `take` has something to do next; null while it waits for jobs to come back. */
  nextAt(now: Instant): Instant | null {
    const mayRead = this.#readsOut < (this.#isProbing ? 1 : this.#options.maxJobs);
    const read = mayRead ? this.#reads.next : null;
    const times = [this.#edges.next, read === null ? null : Math.max(read, this.#heldUntil)];
    const known = times.filter((at) => at !== null);
    return known.length === 0 ? null : Math.max(now, Math.min(...known));
  }

  get people(): number {
    return this.#slots.size;
  }

  get stale(): number {
    return this.#stale;
  }

  /** Jobs that are out. */
  get outstanding(): number {
    return this.#out.size;
  }

  waiting(now: Instant): number {
    let waiting = 0;
    for (const { due } of this.#slots.values()) if (due < now) waiting += 1;
    return waiting;
  }

  /** How long the one who has waited longest is overdue; milliseconds. */
  lag(now: Instant): number {
    let first = this.#reads.next ?? now;
    for (const { job, slots } of this.#out.values()) {
      if (job.kind === 'read') for (const slot of slots) if (this.#isIn(slot)) first = Math.min(first, slot.due);
    }
    return Math.max(0, now - first);
  }
}

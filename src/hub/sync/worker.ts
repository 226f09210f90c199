import { AppError, asAppError } from '../../core/appError.ts';
import { marksBetweenReads } from '../../core/refreshPlan.ts';
import { DAY, HOUR, type Instant } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PersonRecord } from '../model.ts';
import type { HubStore } from '../store/port.ts';
import { readAgainAt } from './backOff.ts';
import type { Calendar, ReadCalendars, Wanted } from './calendars.ts';
import { decide, isLeftToApp, nextDecision, type Policy, spansOf, windowAt } from './decide.ts';
import type { SyncFigures } from './metrics.ts';
import {
  type JobResult,
  NO_VIEW,
  type PersonResult,
  type SyncJob,
  type SyncPerson,
  VIEWS,
  type View,
} from './model.ts';
import { TenantHeld } from './tenant.ts';
import { readView } from './viewSchema.ts';
import type { Handler } from './workQueue.ts';

export interface WorkerDeps {
  readonly store: HubStore;
  readonly read: ReadCalendars;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly figures: SyncFigures;
  readonly log: Logger;
}

/** How often to decide anew when somebody else changes the record at the same moment. */
const TRIES = 4;
/** The mailbox's zone is asked for once a day. */
const ZONE_AGE = DAY;
/** A view that says nothing new is written again after this, for the planner after this one. */
const VIEW_AGE = HOUR / 2;

interface Known {
  readonly person: SyncPerson;
  readonly record: PersonRecord;
  readonly view: View;
}

/** Does the jobs. It keeps nothing: what is known of people lies in the store, so any hub may do any job. */
export class SyncWorker {
  readonly #deps: WorkerDeps;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  readonly handle: Handler = async (job, signal) => {
    if (this.#deps.clock.now() > job.before) return heldBack(job, null);
    return job.kind === 'edge' ? this.#edge(job) : this.#read(job, signal);
  };

  async #edge(job: SyncJob): Promise<JobResult> {
    const people = await Promise.all(
      job.people.map(async (person) => {
        const known = await this.#known(person);
        if (known === null) return gone(person);
        return this.#decided(known, known.view, 'done', 0);
      }),
    );
    return { people, heldUntil: null };
  }

  async #read(job: SyncJob, signal: AbortSignal): Promise<JobResult> {
    const { clock, log } = this.#deps;
    const results: PersonResult[] = [];
    const wanted: Known[] = [];
    const everybody = await Promise.all(job.people.map((person) => this.#known(person)));
    for (const [place, known] of everybody.entries()) {
      const person = job.people[place];
      if (known === null && person !== undefined) results.push(gone(person));
      if (known === null) continue;
      if (isLeftToApp(known.record, known.view)) results.push({ ...gone(known.person), outcome: 'left' });
      else wanted.push(known);
    }
    const now = clock.now();
    try {
      const calendars = await this.#deps.read(
        wanted.map(
          ({ person, view }): Wanted => ({ person, zone: view.zone, asksZone: now >= view.zoneAt + ZONE_AGE }),
        ),
        windowAt(now),
        signal,
      );
      const decided = wanted.map((known) => this.#take(known, calendars.get(known.person.id), now));
      return { people: [...results, ...(await Promise.all(decided))], heldUntil: null };
    } catch (error) {
      if (!(error instanceof TenantHeld)) throw error;
      if (error.cause instanceof AppError) {
        const { code, message, reason } = error.cause;
        log.warn('organisation sync waits', { code, message, reason, seconds: (error.until - clock.now()) / 1_000 });
      }
      return { ...heldBack(job, error.until), people: [...results, ...wanted.map(({ person }) => held(person))] };
    }
  }

  async #known(person: SyncPerson): Promise<Known | null> {
    const { store, clock } = this.#deps;
    const [record, document] = await Promise.all([
      store.record(person.id),
      store.documents.get(VIEWS, person.id, clock.now()),
    ]);
    return record === null ? null : { person, record, view: readView(document?.value) };
  }

  /** Takes in what was read of one person, or that it could not be: then the last good view stays, and is stale. */
  async #take(known: Known, calendar: Calendar | AppError | undefined, readAt: Instant): Promise<PersonResult> {
    const { figures, policy, clock } = this.#deps;
    const { view: before } = known;
    if (calendar === undefined || calendar instanceof AppError) {
      const error = calendar ?? asAppError(undefined);
      figures.failed += 1;
      const now = clock.now();
      const failures = before.failures + 1;
      const notBefore = readAgainAt(error, failures, now, clock.random());
      const view = { ...before, failures, code: error.code, notBefore };
      await this.#keep(known, view);
      return { ...(await this.#decided(known, view, 'failed', 0)), notBefore };
    }
    figures.done += 1;
    const zone = calendar.zone ?? policy.zone;
    const spans = spansOf(calendar.events, policy.rules, zone);
    const zoneAt = readAt >= before.zoneAt + ZONE_AGE ? readAt : before.zoneAt;
    const view: View = { ...NO_VIEW, zone: calendar.zone, zoneAt, readAt, spans, reported: before.reported };
    if (!saysTheSame(view, before)) await this.#keep(known, view);
    const marks = marksBetweenReads(spans, spans, policy.rules.workingHours, readAt, zone);
    return this.#decided(known, view, 'done', marks);
  }

  async #keep({ person }: Known, view: View): Promise<void> {
    const { store, clock } = this.#deps;
    await store.documents.put(VIEWS, person.id, view, clock.now());
  }

  /** Decides and tells the store, anew when somebody else was faster. */
  async #decided(known: Known, read: View, outcome: PersonResult['outcome'], marks: number): Promise<PersonResult> {
    const { store, clock, policy, figures } = this.#deps;
    const { id } = known.person;
    let record: PersonRecord | null = known.record;
    let view = read;
    for (let tries = 1; record !== null; tries++) {
      const now = clock.now();
      const report = decide(record, view, policy, now);
      try {
        if (report !== null) {
          if (!view.reported.includes(report.reportedUntil)) {
            view = { ...view, reported: [report.reportedUntil, ...view.reported.slice(0, 1)] };
            await this.#keep(known, view);
          }
          record = (await store.report(id, report, now)).record;
          figures.reports += 1;
        }
        return { id, outcome, edge: nextDecision(record, view, now), marks, notBefore: 0 };
      } catch (error) {
        const { code } = asAppError(error);
        if (code === 'notFound') break;
        if (code !== 'conflict' || tries >= TRIES) throw error;
        record = await store.record(id);
      }
    }
    return gone(known.person);
  }
}

/** Compared as it is stored. Written again now and then all the same, so that a planner that takes over knows when it was read. */
const saysTheSame = (view: View, before: View): boolean =>
  (view.readAt ?? 0) - (before.readAt ?? 0) < VIEW_AGE &&
  JSON.stringify({ ...view, readAt: 0 }) === JSON.stringify({ ...before, readAt: 0 });

const gone = ({ id }: SyncPerson): PersonResult => ({ id, outcome: 'gone', edge: null, marks: 1, notBefore: 0 });
const held = (person: SyncPerson): PersonResult => ({ ...gone(person), outcome: 'held' });

const heldBack = ({ people }: SyncJob, heldUntil: Instant | null): JobResult => ({
  people: people.map(held),
  heldUntil,
});

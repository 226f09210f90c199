import type { Fetch } from '../../adapters/http.ts';
import { AppError, asAppError } from '../../core/appError.ts';
import { nextEdge } from '../../core/sweep.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../core/time.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HubEvent } from '../model.ts';
import type { HubStore } from '../store/port.ts';
import { calendarViews, freeBusy } from './calendars.ts';
import { CALENDAR } from './decide.ts';
import { groupMembers, type ListPeople, listedIn, wholeTenant } from './directory.ts';
import { everyDocument, Members } from './members.ts';
import { SyncFigures, type SyncMetrics } from './metrics.ts';
import { type JobResult, VIEWS } from './model.ts';
import { SyncPlanner } from './planner.ts';
import type { SyncSettings } from './settings.ts';
import { Tenant, TenantHeld } from './tenant.ts';
import { AppToken } from './token.ts';
import { readView } from './viewSchema.ts';
import { SyncWorker } from './worker.ts';
import type { WorkQueue } from './workQueue.ts';

export interface OrgSyncDeps {
  readonly settings: SyncSettings;
  readonly store: HubStore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Logger;
  /** This process: no two hubs' are the same. */
  readonly owner: string;
  /** The id of a new person. */
  readonly newId: () => string;
  /** Two, so that an edge never waits behind a slow calendar. On one Redis they are shared with the other hubs. */
  readonly queues: { readonly reads: WorkQueue; readonly edges: WorkQueue };
  /** Jobs of reading at most that are out at once, over all hubs. */
  readonly maxJobs?: number;
}

export interface OrgSync {
  readonly metrics: SyncMetrics;
  /** Stops planning and working; what is known stays in the store for another hub. The queues are closed too. */
  close(): Promise<void>;
}

const LEASE = 'org-sync';
const LEASE_FOR = 15 * SECOND;
const LEASE_EVERY = 5 * SECOND;
/** What is due is taken at its time; this often it is looked for jobs that are lost. */
const TICK = 5 * SECOND;
const LIST_EVERY = HOUR;
const LIST_AGAIN = MINUTE;
const MAX_JOBS = 256;
const EDGES_AT_ONCE = 8;
/** Fewer than these may leave at once without a doubt. */
const FEW = 20;
const DOUBTFUL = 'mostPeopleGone';

/** Starts organisation sync on this hub: it works, and plans for all hubs while it holds the lease. */
export function startOrgSync(deps: OrgSyncDeps): OrgSync {
  const { settings, store, clock, log, owner, queues } = deps;
  const figures = new SyncFigures();
  const now = (): Instant => clock.now();
  const http = { fetch: deps.fetch, now };
  const random = () => clock.random();
  const token = new AppToken({ ...http, ...settings });
  const tenant = new Tenant({ ...http, graph: settings.graph, token, figures, random });
  const { policy } = settings;
  const read =
    settings.mode === 'calendarView' ? calendarViews(tenant, policy.rules, policy.zone) : freeBusy(tenant, policy.zone);
  const worker = new SyncWorker({ store, read, policy, clock, figures, log });
  queues.reads.work(worker.handle, settings.concurrency);
  queues.edges.work(worker.handle, EDGES_AT_ONCE);
  const list = listOf(settings, tenant);

  let term: Term | null = null;
  let leaseUntil: Instant = 0;
  let timer: Timer | null = null;
  let isClosed = false;
  let terms = 0;

  async function renew(): Promise<void> {
    const at = now();
    const until = at + LEASE_FOR;
    const has = await store.lease(LEASE, owner, until, at).catch(() => null);
    if (isClosed) return;
    if (has === true) leaseUntil = until;
    // While the store can't be reached nobody else can take the right over before its end.
    else if (has === false || at >= leaseUntil) await resign();
    if (has === true && term === null) {
      terms += 1;
      term = new Term({
        ...deps,
        figures,
        list,
        name: `${owner.replaceAll(/[^\w.-]/g, '_')}-${at}-${terms}`,
        onError: () => void resign(),
      });
      log.info('this hub plans organisation sync');
    }
  }

  async function resign(): Promise<void> {
    const ended = term;
    term = null;
    await ended?.end();
  }

  const beat = (): void => {
    timer = clock.after(LEASE_EVERY, beat);
    renew().catch((error: unknown) => log.error('the lease of organisation sync', { code: asAppError(error).code }));
  };
  beat();

  return {
    metrics: figures,
    async close() {
      isClosed = true;
      timer?.stop();
      await resign();
      await Promise.all([queues.reads.close(), queues.edges.close()]);
      // Lets another hub take over at once.
      if (leaseUntil > now()) await store.lease(LEASE, owner, now(), now()).catch(() => false);
    },
  };
}

function listOf({ people }: SyncSettings, tenant: Tenant): ListPeople {
  if (people === 'everybody') return wholeTenant(tenant);
  return 'group' in people ? groupMembers(tenant, people.group) : listedIn(people.file);
}

interface TermDeps extends OrgSyncDeps {
  readonly figures: SyncFigures;
  readonly list: ListPeople;
  readonly name: string;
  /** Nothing can be planned any more: another hub, or this one anew, is to do it. */
  readonly onError: () => void;
}

/** The time for which this hub plans. */
class Term {
  readonly #deps: TermDeps;
  readonly #planner: SyncPlanner;
  readonly #members: Members;
  readonly #stopping = new AbortController();
  readonly #ends: (() => void | Promise<void>)[] = [];
  #timer: Timer | null = null;
  #listTimer: Timer | null = null;
  #wakesAt: Instant = Number.POSITIVE_INFINITY;
  #isDoubted = false;

  constructor(deps: TermDeps) {
    this.#deps = deps;
    const { settings, name, figures } = deps;
    this.#planner = new SyncPlanner({ interval: settings.interval, maxJobs: deps.maxJobs ?? MAX_JOBS, name });
    this.#members = new Members(deps);
    figures.planBy(this.#planner);
    this.#begin().catch((thrown: unknown) => {
      const { code, message } = asAppError(thrown);
      if (this.#stopping.signal.aborted) return;
      deps.log.error('organisation sync could not begin', { code, message });
      deps.onError();
    });
  }

  #now(): Instant {
    return this.#deps.clock.now();
  }

  async end(): Promise<void> {
    this.#stopping.abort();
    this.#timer?.stop();
    this.#listTimer?.stop();
    this.#deps.figures.planBy(null);
    await Promise.all(this.#ends.map((end) => end()));
  }

  /** Takes over what the planner before has left in the store, and asks who belongs to it now. */
  async #begin(): Promise<void> {
    const { store, queues } = this.#deps;
    await this.#hear(queues.reads);
    await this.#hear(queues.edges);
    await this.#follow();
    const at = this.#now();
    const known = new Map<string, { due: Instant; edge: Instant | null }>();
    for (const { key, value } of await everyDocument(store, VIEWS, at)) {
      const view = readView(value);
      // Edges may have passed meanwhile, so everybody is decided anew.
      const edge = view.readAt === null ? null : (nextEdge(view.spans, view.readAt) ?? null);
      const due = view.readAt === null ? at : view.readAt + this.#deps.settings.interval;
      known.set(key, { due: Math.max(view.notBefore, due), edge });
    }
    this.#plan(await this.#members.load(at), known);
    await this.#listAgain();
  }

  #plan(...args: [Parameters<SyncPlanner['set']>[0], Parameters<SyncPlanner['set']>[2]?]): void {
    if (this.#stopping.signal.aborted) return;
    this.#planner.set(args[0], this.#now(), args[1]);
    this.#tick();
  }

  async #hear(queue: WorkQueue): Promise<void> {
    const end = await queue.follow((id, result) => {
      if (result === null) this.#planner.failed(id, this.#now());
      else this.#take(id, result);
      this.#tick();
    });
    if (this.#stopping.signal.aborted) await end();
    else this.#ends.push(end);
  }

  #take(id: string, result: JobResult): void {
    const left = this.#planner.done(id, result, this.#now());
    const lost = result.people.filter(({ outcome }) => outcome === 'gone').map((person) => person.id);
    for (const person of lost) this.#planner.remove(person);
    const work = [
      ...left.map((person) => this.#members.letGo(person, this.#now())),
      ...lost.map((person) => this.#members.lost(person)),
    ];
    Promise.all(work).catch((thrown: unknown) => {
      this.#deps.log.warn('people who left organisation sync', { code: asAppError(thrown).code });
    });
  }

  /** What others say of people: an app that comes or goes, a word by hand. */
  async #follow(): Promise<void> {
    const { store } = this.#deps;
    const onEvents = (events: readonly HubEvent[]): void => {
      for (const event of events) if (!isOwn(event)) this.#planner.noticed(event.record.person.id, this.#now());
      this.#tick();
    };
    const onGone = (): void => {
      if (!this.#stopping.signal.aborted) this.#follow().catch(() => this.#deps.onError());
    };
    const after = await store.head();
    if (!this.#stopping.signal.aborted) this.#ends.push(store.follow(after, onEvents, onGone));
  }

  async #listAgain(): Promise<void> {
    const { list, clock, log } = this.#deps;
    let next = LIST_EVERY;
    try {
      const listed = await list(this.#stopping.signal);
      this.#trust(listed.length, this.#members.missingFrom(listed));
      this.#plan(await this.#members.update(listed, this.#now()));
    } catch (thrown) {
      if (this.#stopping.signal.aborted) return;
      const error = thrown instanceof TenantHeld ? asAppError(thrown.cause) : asAppError(thrown);
      const { code, message, reason } = error;
      log.warn('who belongs to organisation sync could not be told; those known stay', { code, message });
      if (thrown instanceof TenantHeld) next = Math.max(SECOND, thrown.until - this.#now());
      else if (reason !== DOUBTFUL) next = LIST_AGAIN;
    }
    if (!this.#stopping.signal.aborted) this.#listTimer = clock.after(next, () => void this.#listAgain());
  }

  /** A list that lacks most of those known is believed only when the next one does so too; an empty one never. Throws until then. */
  #trust(listed: number, missing: number): void {
    const isDoubtful = missing >= FEW && missing > listed;
    const isBelieved = listed > 0 && (!isDoubtful || this.#isDoubted);
    this.#isDoubted = isDoubtful && !isBelieved;
    if (isBelieved) return;
    throw new AppError(
      'badResponse',
      'Most people of organisation sync are suddenly not listed any more. Check the group or the file; they leave if the next list says so too.',
      { reason: DOUBTFUL },
    );
  }

  /** Hands out what is due, and comes back when more is. */
  #tick(): void {
    if (this.#stopping.signal.aborted) return;
    const { clock, queues } = this.#deps;
    const at = this.#now();
    const jobs = this.#planner.take(at);
    for (const kind of ['edge', 'read'] as const) {
      const of = jobs.filter((job) => job.kind === kind);
      if (of.length === 0) continue;
      queues[kind === 'edge' ? 'edges' : 'reads'].add(of).catch(() => {
        for (const { id } of of) this.#planner.failed(id, this.#now());
      });
    }
    const wakesAt = Math.min(at + TICK, Math.max(at + 1, this.#planner.nextAt(at) ?? Number.POSITIVE_INFINITY));
    if (this.#timer !== null && this.#wakesAt <= wakesAt && this.#wakesAt > at) return;
    this.#timer?.stop();
    this.#wakesAt = wakesAt;
    this.#timer = clock.after(wakesAt - at, () => this.#tick());
  }
}

/** What organisation sync has said itself, and has no need to look at again. */
const isOwn = ({ kind, record }: HubEvent): boolean =>
  kind !== 'presence' || (record.said.source === CALENDAR && record.reporting);

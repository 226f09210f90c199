import { AppError } from '../../src/core/appError.ts';
import type { Instant } from '../../src/core/time.ts';
import { memoryDocuments } from '../../src/hub/addons/memoryDocuments.ts';
import { type HubEvent, nothingSaid, type Person, type PersonRecord, type Said } from '../../src/hub/model.ts';
import { FeedGone, type HubStore, type Report, type Reported } from '../../src/hub/store/port.ts';

const MOST_HISTORY = 200;
const BATCH = 100;

interface Reader {
  after: number;
  isTelling: boolean;
  readonly onEvents: (events: readonly HubEvent[]) => void;
  readonly onGone: () => void;
}

/** The data of a hub, in memory. Each `open` is one process's handle on it. Passes the hub store's contract. */
export class MemoryHub {
  readonly #records = new Map<string, PersonRecord>();
  readonly #leases = new Map<string, { owner: string; until: Instant }>();
  readonly #documents = memoryDocuments();
  readonly #readers = new Set<Reader>();
  #events: HubEvent[] = [];
  #head = 0;
  #forgotten = 0;
  /** Nothing can be reached until this is taken back. */
  #isLost = false;

  /** The store can't be reached; returns the way back. */
  lose(): () => void {
    this.#isLost = true;
    return () => {
      this.#isLost = false;
      this.#tell();
    };
  }

  open(): HubStore {
    let isClosed = false;
    const own = new Set<Reader>();
    /** What was asked for, done at once; what goes wrong comes as a rejection. */
    const act = async <T>(work: () => T): Promise<T> => {
      if (isClosed || this.#isLost) throw new AppError('unavailable', 'The store can not be reached.');
      return work();
    };
    return {
      putPerson: (person, now) => act(() => this.#put(person, now)),
      removePerson: (id, now) => act(() => this.#remove(id, now)),
      record: (id) => act(() => this.#records.get(id) ?? null),
      recordByEmail: (email) => act(() => this.#find(({ person }) => person.email === email)),
      recordByIdentity: (service, id) =>
        act(() =>
          this.#find(({ person }) => person.identities.some((own) => own.service === service && own.id === id)),
        ),
      records: (after, limit) =>
        act(() =>
          this.#sorted()
            .filter(({ person }) => person.id > after)
            .slice(0, limit),
        ),
      report: (id, report, now) => act(() => this.#report(id, report, now)),
      signOff: (id, now) => act(() => this.#signOff(id, now)),
      endDue: (now, limit) => act(() => this.#endDue(now, limit)),
      head: () => act(() => this.#head),
      events: (after, limit) => act(() => this.#eventsAfter(after, limit)),
      history: (id, since) =>
        act(() => this.#events.filter(({ record, at }) => record.person.id === id && at >= since).slice(-MOST_HISTORY)),
      trim: (before) => act(() => this.#trim(before)),
      follow: (after, onEvents, onGone) => {
        const reader: Reader = { after, isTelling: false, onEvents, onGone };
        own.add(reader);
        this.#readers.add(reader);
        this.#tell();
        return () => void this.#readers.delete(reader);
      },
      documents: {
        get: async (collection, key, now) => (await act(() => this.#documents)).get(collection, key, now),
        put: async (collection, key, value, now, options) =>
          (await act(() => this.#documents)).put(collection, key, value, now, options),
        delete: async (collection, key) => (await act(() => this.#documents)).delete(collection, key),
        list: async (collection, options, now) => (await act(() => this.#documents)).list(collection, options, now),
      },
      lease: (name, owner, until, now) => act(() => this.#lease(name, owner, until, now)),
      check: () => act(() => undefined),
      close: async () => {
        isClosed = true;
        for (const reader of own) this.#readers.delete(reader);
      },
    };
  }

  #find(isWanted: (record: PersonRecord) => boolean): PersonRecord | null {
    for (const record of this.#records.values()) if (isWanted(record)) return record;
    return null;
  }

  #sorted(): PersonRecord[] {
    return [...this.#records.values()].sort((a, b) => (a.person.id < b.person.id ? -1 : 1));
  }

  #change(kind: HubEvent['kind'], changed: PersonRecord, at: Instant): HubEvent {
    this.#head += 1;
    const record = { ...changed, event: this.#head };
    const event: HubEvent = { id: this.#head, at, kind, record };
    if (kind === 'removed') this.#records.delete(record.person.id);
    else this.#records.set(record.person.id, record);
    this.#events.push(event);
    this.#tell();
    return event;
  }

  #put(person: Person, now: Instant): HubEvent | null {
    const known = this.#records.get(person.id);
    if (JSON.stringify(known?.person) === JSON.stringify(person)) return null;
    const others = [...this.#records.values()].filter((other) => other.person.id !== person.id);
    if (others.some((other) => other.person.email === person.email)) {
      throw new AppError('conflict', 'Somebody else has this email. Change theirs first.');
    }
    const taken = new Set(person.identities.map(({ service, id }) => JSON.stringify([service, id])));
    for (const other of others) {
      const identities = other.person.identities.filter(({ service, id }) => !taken.has(JSON.stringify([service, id])));
      if (identities.length === other.person.identities.length) continue;
      this.#change('person', { ...other, person: { ...other.person, identities } }, now);
    }
    const nobody = { said: nothingSaid(now), day: [], reporting: false, reportedUntil: null, event: 0 };
    return this.#change('person', { ...(known ?? nobody), person: structuredClone(person) }, now);
  }

  #remove(id: string, now: Instant): HubEvent | null {
    const known = this.#records.get(id);
    return known === undefined ? null : this.#change('removed', known, now);
  }

  #given(id: string): PersonRecord {
    const known = this.#records.get(id);
    if (known === undefined) throw new AppError('notFound', 'The hub does not know this person. Add them first.');
    return known;
  }

  #report(id: string, { presence, source, day, reportedUntil, ifEvent }: Report, now: Instant): Reported {
    const known = this.#given(id);
    if (ifEvent !== undefined && ifEvent !== known.event) {
      throw new AppError('conflict', 'Somebody has changed it meanwhile. Read it again.');
    }
    const { changedAt, ...old } = known.said;
    const word: Omit<Said, 'changedAt'> = presence === undefined ? old : { ...presence, source };
    const { changedAt: _, ...nothing } = nothingSaid(now);
    const next = word.until !== null && word.until <= now ? nothing : word;
    const fields = ['state', 'text', 'emoji', 'until', 'source'] as const;
    const isSame = fields.every((field) => next[field] === old[field]);
    const record: PersonRecord = {
      ...known,
      said: { ...next, changedAt: isSame ? changedAt : now },
      day: day ?? known.day,
      reporting: true,
      reportedUntil,
    };
    if (isSame && known.reporting) {
      this.#records.set(id, record);
      return { record, event: null };
    }
    const event = this.#change('presence', record, now);
    return { record: event.record, event };
  }

  #signOff(id: string, now: Instant): HubEvent | null {
    const known = this.#given(id);
    if (!known.reporting) return null;
    return this.#change('presence', { ...known, reporting: false, reportedUntil: null }, now);
  }

  #endDue(now: Instant, limit: number): HubEvent[] {
    const ended: HubEvent[] = [];
    for (const known of [...this.#records.values()]) {
      if (ended.length >= limit) break;
      if (!known.reporting) continue;
      const isOver = known.reportedUntil !== null && known.reportedUntil <= now;
      const isSaidOver = known.said.until !== null && known.said.until <= now;
      if (isOver) ended.push(this.#change('presence', { ...known, reporting: false, reportedUntil: null }, now));
      else if (isSaidOver) ended.push(this.#change('presence', { ...known, said: nothingSaid(now) }, now));
    }
    return ended;
  }

  #eventsAfter(after: number, limit: number): HubEvent[] {
    if (after < this.#forgotten || after > this.#head) throw new FeedGone();
    // Ids rise one by one from the first that is kept.
    const from = after - this.#forgotten;
    return this.#events.slice(from, from + limit);
  }

  #trim(before: Instant): void {
    const kept = this.#events.findIndex(({ at }) => at >= before);
    const gone = kept === -1 ? this.#events.length : kept;
    this.#forgotten = this.#events[gone - 1]?.id ?? this.#forgotten;
    this.#events = this.#events.slice(gone);
  }

  #lease(name: string, owner: string, until: Instant, now: Instant): boolean {
    const held = this.#leases.get(name);
    if (held !== undefined && held.owner !== owner && held.until > now) return false;
    this.#leases.set(name, { owner, until });
    return true;
  }

  #tell(): void {
    for (const reader of this.#readers) {
      if (reader.isTelling) continue;
      reader.isTelling = true;
      // Not before whoever made the event has its answer.
      queueMicrotask(() => this.#tellOne(reader));
    }
  }

  #tellOne(reader: Reader): void {
    reader.isTelling = false;
    if (!this.#readers.has(reader) || this.#isLost) return;
    try {
      const events = this.#eventsAfter(reader.after, BATCH);
      const last = events.at(-1);
      if (last === undefined) return;
      reader.after = last.id;
      this.#tell();
      reader.onEvents(events);
    } catch (error) {
      if (!(error instanceof FeedGone)) return;
      this.#readers.delete(reader);
      reader.onGone();
    }
  }
}

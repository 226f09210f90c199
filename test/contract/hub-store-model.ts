import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AppError } from '../../src/core/appError.ts';
import {
  type HubEvent,
  type Identity,
  nothingSaid,
  type Person,
  type PersonRecord,
  type Said,
} from '../../src/hub/model.ts';
import type { HubStore, Report } from '../../src/hub/store/port.ts';
import {
  allEvents,
  allRecords,
  expectRising,
  following,
  idOf,
  idsOf,
  NOW,
  type OpenHubStore,
  replayed,
  SECOND,
  withoutRenewals,
} from './hub-store-world.ts';

type Known = Omit<PersonRecord, 'event'>;
/** What an operation comes to: a refusal's code, or the changes it tells: kind and person. */
type Outcome = string | readonly (readonly [HubEvent['kind'], string])[];

const rank = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The whole contract on people, without ids of events and without any haste. */
class Model {
  readonly people = new Map<string, Known>();

  put(person: Person, now: number): Outcome {
    const others = [...this.people.values()].filter((known) => known.person.id !== person.id);
    if (others.some((known) => known.person.email === person.email)) return 'conflict';
    const known = this.people.get(person.id);
    if (known !== undefined && JSON.stringify(known.person) === JSON.stringify(person)) return [];
    const taken = new Set(person.identities.map(({ service, id }) => `${service} ${id}`));
    const losers = others.filter(({ person: { identities } }) =>
      identities.some(({ service, id }) => taken.has(`${service} ${id}`)),
    );
    for (const loser of losers) {
      const identities = loser.person.identities.filter(({ service, id }) => !taken.has(`${service} ${id}`));
      this.people.set(loser.person.id, { ...loser, person: { ...loser.person, identities } });
    }
    this.people.set(person.id, {
      ...(known ?? { said: nothingSaid(now), day: [], reporting: false, reportedUntil: null }),
      person,
    });
    return [...losers.map((loser) => ['person', loser.person.id] as const), ['person', person.id]];
  }

  remove(id: string): Outcome {
    return this.people.delete(id) ? [['removed', id]] : [];
  }

  report(id: string, { presence, source, reportedUntil }: Report, now: number): Outcome {
    const known = this.people.get(id);
    if (known === undefined) return 'notFound';
    const { changedAt, ...old } = known.said;
    const word: Omit<Said, 'changedAt'> = presence === undefined ? old : { ...presence, source };
    const { changedAt: _, ...nothing } = nothingSaid(now);
    const next = word.until !== null && word.until <= now ? nothing : word;
    const isSame = (['state', 'text', 'emoji', 'until', 'source'] as const).every(
      (field) => next[field] === old[field],
    );
    this.people.set(id, {
      ...known,
      said: { ...next, changedAt: isSame ? changedAt : now },
      reporting: true,
      reportedUntil,
    });
    return isSame && known.reporting ? [] : [['presence', id]];
  }

  signOff(id: string): Outcome {
    const known = this.people.get(id);
    if (known === undefined) return 'notFound';
    this.people.set(id, { ...known, reporting: false, reportedUntil: null });
    return known.reporting ? [['presence', id]] : [];
  }

  endDue(now: number): Outcome {
    const ended: [HubEvent['kind'], string][] = [];
    for (const [id, known] of this.people) {
      if (!known.reporting) continue;
      const isOver = known.reportedUntil !== null && known.reportedUntil <= now;
      if (isOver) this.people.set(id, { ...known, reporting: false, reportedUntil: null });
      else if (known.said.until !== null && known.said.until <= now)
        this.people.set(id, { ...known, said: nothingSaid(now) });
      else continue;
      ended.push(['presence', id]);
    }
    return ended;
  }
}

interface Operation {
  readonly kind: 'put' | 'remove' | 'report' | 'still' | 'signOff' | 'endDue';
  readonly who: number;
  readonly email: number;
  readonly identities: readonly Identity[];
  readonly text: string;
  readonly source: string;
  /** Seconds until the presence ends (null for never), and until the report does. */
  readonly until: number | null;
  readonly counts: number;
  /** Seconds since the operation before. */
  readonly pause: number;
  /** Which of two handles does it. */
  readonly handle: 0 | 1;
}

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom(
    'put',
    'put',
    'put',
    'remove',
    'report',
    'report',
    'report',
    'still',
    'signOff',
    'endDue',
    'endDue',
  ),
  who: fc.integer({ min: 1, max: 3 }),
  email: fc.integer({ min: 1, max: 4 }),
  identities: fc.uniqueArray(fc.record({ service: fc.constantFrom('a', 'b'), id: fc.constantFrom('1', '2') }), {
    maxLength: 2,
    selector: ({ service, id }) => `${service} ${id}`,
  }),
  text: fc.constantFrom('', 'Meeting', 'Mittag 😀'),
  source: fc.constantFrom('app', 'command'),
  until: fc.option(fc.integer({ min: -2, max: 10 })),
  counts: fc.integer({ min: 1, max: 10 }),
  pause: fc.integer({ min: 0, max: 4 }),
  handle: fc.constantFrom(0, 1),
});

async function eventsOf(store: HubStore, todo: Operation, now: number): Promise<readonly (HubEvent | null)[]> {
  const { kind, who, email, identities, text, source, until, counts } = todo;
  const presence = { state: 'dnd', text, emoji: '', until: until === null ? null : now + until * SECOND } as const;
  const reportedUntil = now + counts * SECOND;
  switch (kind) {
    case 'put':
      return [await store.putPerson({ id: idOf(who), email: `e${email}@example.com`, name: text, identities }, now)];
    case 'remove':
      return [await store.removePerson(idOf(who), now)];
    case 'report':
      return [(await store.report(idOf(who), { presence, source, reportedUntil }, now)).event];
    case 'still':
      return [(await store.report(idOf(who), { source, reportedUntil }, now)).event];
    case 'signOff':
      return [await store.signOff(idOf(who), now)];
    case 'endDue':
      return store.endDue(now, 10);
  }
}

function expected(model: Model, todo: Operation, now: number): Outcome {
  const { kind, who, email, identities, text, source, until, counts } = todo;
  const presence = { state: 'dnd', text, emoji: '', until: until === null ? null : now + until * SECOND } as const;
  const reportedUntil = now + counts * SECOND;
  switch (kind) {
    case 'put':
      return model.put({ id: idOf(who), email: `e${email}@example.com`, name: text, identities }, now);
    case 'remove':
      return model.remove(idOf(who));
    case 'report':
      return model.report(idOf(who), { presence, source, reportedUntil }, now);
    case 'still':
      return model.report(idOf(who), { source, reportedUntil }, now);
    case 'signOff':
      return model.signOff(idOf(who));
    case 'endDue':
      return model.endDue(now);
  }
}

/** Does one thing in the store and in the model, and compares what came of it. */
async function both(store: HubStore, model: Model, todo: Operation, now: number): Promise<void> {
  const before = await store.head();
  const outcome = await eventsOf(store, todo, now).catch((thrown: unknown) => {
    if (thrown instanceof AppError) return thrown.code;
    throw thrown;
  });
  const wanted = expected(model, todo, now);
  const made = await allEvents(store, before);
  if (typeof wanted === 'string' || typeof outcome === 'string') {
    expect([outcome, made]).toEqual([wanted, []]);
    return;
  }
  const told = made.map(({ kind, record }): [string, string] => [kind, record.person.id]);
  expect(told.sort(([, a], [, b]) => rank(a, b))).toEqual([...wanted].sort(([, a], [, b]) => rank(a, b)));
  // What was answered is among what was told, and all of it but what others lost an identity by.
  const answered = outcome.filter((event) => event !== null);
  for (const event of answered) expect(made).toContainEqual(event);
  expect(answered.length).toBe(todo.kind === 'put' ? Math.min(made.length, 1) : made.length);
  for (const { at } of made) expect(at).toBe(now);
}

/** The part of the contract that is checked with operations at random, by two handles in turn. */
export function hubStoreModel(openWorld: OpenHubStore): void {
  it('does what the model does, whatever is asked for', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 60, size: 'max' }), async (operations) => {
        const world = await openWorld();
        try {
          const stores = [world.store, await world.second()] as const;
          const feed = following(world.store);
          const model = new Model();
          let now = NOW;
          for (const todo of operations) {
            now += todo.pause * SECOND;
            await both(stores[todo.handle], model, todo, now);
          }
          const records = await allRecords(world.store, 2);
          const known = [...model.people.values()].sort((a, b) => rank(a.person.id, b.person.id));
          expect(records.map(({ event, ...rest }) => rest)).toEqual(known);
          const events = await allEvents(world.store, 0, 7);
          expectRising(idsOf(events));
          expect(replayed(events)).toEqual(records.map(withoutRenewals));
          for (const record of records) {
            expect(await stores[1].recordByEmail(record.person.email)).toEqual(record);
            for (const { service, id } of record.person.identities) {
              expect(await stores[1].recordByIdentity(service, id)).toEqual(record);
            }
          }
          await feed.until(() => feed.seen.length >= events.length);
          expect(feed.seen).toEqual(events);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 40 },
    );
  });
}

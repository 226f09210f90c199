import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HubEvent } from '../../src/hub/model.ts';
import { FeedGone, type HubStore } from '../../src/hub/store/port.ts';
import {
  allEvents,
  allRecords,
  expectRising,
  following,
  given,
  HOUR,
  type HubStoreWorld,
  idOf,
  idsOf,
  MINUTE,
  NOW,
  type OpenHubStore,
  personOf,
  refused,
  replayed,
  reportOf,
  SECOND,
  withoutRenewals,
} from './hub-store-world.ts';

const PEOPLE = [1, 2, 3, 4, 5];

/** The part of the contract on events: their order, who sees them, and several processes at once. */
export function hubStoreFeed(openWorld: OpenHubStore): void {
  let world: HubStoreWorld;
  let store: HubStore;
  beforeEach(async () => {
    world = await openWorld();
    store = world.store;
  });
  afterEach(() => world.close());

  /** One event for each instant. */
  async function eventsAt(instants: readonly number[], by: HubStore = store): Promise<readonly HubEvent[]> {
    await by.putPerson(personOf(1), NOW);
    const events: HubEvent[] = [];
    for (const at of instants) {
      events.push(
        given((await by.report(idOf(1), reportOf(`at ${at}`, at, { reportedUntil: NOW + 99 * HOUR }), at)).event),
      );
    }
    return events;
  }

  it('has nothing at first', async () => {
    expect(await store.head()).toBe(0);
    expect(await store.events(0, 10)).toEqual([]);
  });

  it('gives events from anywhere, oldest first', async () => {
    await eventsAt([1, 2, 3, 4, 5, 6].map((step) => NOW + step));
    const all = await allEvents(store);
    expect(all).toHaveLength(7);
    expectRising(idsOf(all));
    expect(await allEvents(store, 0, 2)).toEqual(all);
    expect(await store.events(given(all[2]).id, 2)).toEqual(all.slice(3, 5));
    expect(await store.events(await store.head(), 10)).toEqual([]);
    expect(all.at(-1)?.id).toBe(await store.head());
    for (const { id, record } of all) expect(record.event).toBe(id);
  });

  it('forgets what is old, and says so to who asks for it', async () => {
    const made = await eventsAt([HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR].map((step) => NOW + step));
    const [, second, third] = made.map(({ id }) => id);
    await store.trim(NOW + 3 * HOUR);
    await expect(store.events(0, 10)).rejects.toBeInstanceOf(FeedGone);
    await expect(store.events(given(second) - 1, 10)).rejects.toBeInstanceOf(FeedGone);
    expect(await store.events(given(third) - 1, 10)).toEqual(made.slice(2));
    expect(await store.events(given(third), 10)).toEqual(made.slice(3));
    const again = await world.reopen();
    await expect(again.events(0, 10)).rejects.toBeInstanceOf(FeedGone);
    expect((await again.record(idOf(1)))?.event).toBe(made.at(-1)?.id);
  });

  it('forgets nothing that is not old', async () => {
    await eventsAt([NOW + 1, NOW + 2]);
    await store.trim(NOW);
    expect(await store.events(0, 10)).toHaveLength(3);
  });

  it('goes on counting when everything was forgotten', async () => {
    const last = given((await eventsAt([NOW + 1, NOW + 2])).at(-1)).id;
    await store.trim(NOW + HOUR);
    expect(await store.head()).toBe(last);
    expect(await store.events(last, 10)).toEqual([]);
    const again = await world.reopen();
    const event = given((await again.report(idOf(1), reportOf('new', NOW + HOUR), NOW + HOUR)).event);
    expect(event.id).toBeGreaterThan(last);
    expect(await again.events(last, 10)).toEqual([event]);
  });

  it('says gone to who was ahead of it, as after a restored copy', async () => {
    await eventsAt([NOW + 1]);
    await expect(store.events((await store.head()) + 1, 10)).rejects.toBeInstanceOf(FeedGone);
    const feed = following(store, (await store.head()) + 1);
    await feed.until(() => feed.gone() > 0);
    expect(feed.seen).toEqual([]);
  });

  it('lets follow what was before, and what comes', async () => {
    const before = await eventsAt([NOW + 1, NOW + 2]);
    const feed = following(store, given(before[0]).id);
    const later = await eventsAt([NOW + 3, NOW + 4]);
    await feed.reaches(given(later.at(-1)).id);
    expect(feed.seen).toEqual([...before.slice(1), ...later]);
    expect(feed.gone()).toBe(0);
  });

  it('calls nobody back before follow has returned, nor after it was ended', async () => {
    await eventsAt([NOW + 1]);
    let isReturned = false;
    const early: boolean[] = [];
    const stop = store.follow(
      0,
      () => early.push(!isReturned),
      () => undefined,
    );
    isReturned = true;
    const other = following(store);
    await other.reaches(await store.head());
    stop();
    stop();
    const told = early.length;
    const [event] = await eventsAt([NOW + 2]);
    await other.reaches(given(event).id);
    expect(early.slice(told)).toEqual([]);
    expect(early).not.toContain(true);
    other.stop();
  });

  it('does not mind a follower that ends itself', async () => {
    const feed = following(store);
    const stops: Array<() => void> = [];
    let told = 0;
    stops.push(
      store.follow(
        0,
        () => {
          told += 1;
          stops[0]?.();
        },
        () => undefined,
      ),
    );
    const [first] = await eventsAt([NOW + 1]);
    await feed.reaches(given(first).id);
    const [second] = await eventsAt([NOW + 2]);
    await feed.reaches(given(second).id);
    expect(told).toBe(1);
    expect(idsOf(feed.seen)).toEqual(idsOf(await allEvents(store)));
  });

  it('lets follow what another process does', async () => {
    const other = await world.second();
    const feeds = [following(store), following(other)];
    await eventsAt([NOW + 1], other);
    await eventsAt([NOW + 2], store);
    const [last] = await eventsAt([NOW + 3], other);
    for (const feed of feeds) {
      await feed.reaches(given(last).id);
      expect(feed.seen).toEqual(await allEvents(store));
    }
  });

  it('tells a follower once when what is missing is no longer kept', async () => {
    const made = await eventsAt([HOUR, 2 * HOUR].map((step) => NOW + step));
    await store.trim(NOW + 2 * HOUR);
    const feed = following(store, 0);
    const complete = following(store, given(made[0]).id);
    await feed.until(() => feed.gone() > 0);
    const [next] = await eventsAt([NOW + 3 * HOUR]);
    await complete.reaches(given(next).id);
    expect(complete.seen).toEqual([made[1], next]);
    expect([feed.gone(), feed.seen]).toEqual([1, []]);
  });

  it('follows many events in their order', async () => {
    await Promise.all(PEOPLE.map((number) => store.putPerson(personOf(number), NOW)));
    for (let round = 0; round < 50; round++) {
      await Promise.all(PEOPLE.map((number) => store.report(idOf(number), reportOf(`round ${round}`, NOW), NOW)));
    }
    const feed = following(store);
    await feed.reaches(await store.head());
    expect(feed.seen).toHaveLength(255);
    expectRising(idsOf(feed.seen));
    expect(replayed(feed.seen)).toEqual((await allRecords(store)).map(withoutRenewals));
  });

  it('keeps one order for two processes that report the same people at once', async () => {
    const handles = [store, await world.second()];
    const feeds = handles.map((handle) => following(handle));
    await Promise.all(PEOPLE.map((number) => store.putPerson(personOf(number), NOW)));
    const made = await Promise.all(
      handles.map(async (handle, index) => {
        const events: (HubEvent | null)[] = [];
        for (let round = 0; round < 30; round++) {
          const reported = await Promise.all(
            PEOPLE.map((number) => handle.report(idOf(number), reportOf(`${index} ${round}`, NOW), NOW)),
          );
          events.push(...reported.map(({ event }) => event));
          events.push(await handle.signOff(idOf(1 + (round % 5)), NOW));
        }
        return events.flatMap((event) => event ?? []);
      }),
    );
    const all = await allEvents(store);
    expectRising(idsOf(all));
    const own = made.flat();
    expect([...own].sort((a, b) => a.id - b.id)).toEqual(all.slice(PEOPLE.length));
    for (const feed of feeds) {
      await feed.reaches(await store.head());
      expect(feed.seen).toEqual(all);
    }
    expect(replayed(all)).toEqual((await allRecords(store)).map(withoutRenewals));
  });

  it('makes each end once, however many ask', async () => {
    const handles = [store, await world.second()];
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    await Promise.all(numbers.map((number) => store.putPerson(personOf(number), NOW)));
    await Promise.all(numbers.map((number) => store.report(idOf(number), reportOf('x', NOW), NOW)));
    const ended = await Promise.all(
      Array.from({ length: 12 }, (_, index) => given(handles[index % 2]).endDue(NOW + HOUR, 7)),
    );
    expect(
      ended
        .flat()
        .map(({ record }) => record.person.id)
        .sort(),
    ).toEqual(numbers.map(idOf));
  });

  it('lets one of two win who report over the same version', async () => {
    const handles = [store, await world.second()];
    await store.putPerson(personOf(1), NOW);
    for (let round = 0; round < 10; round++) {
      const ifEvent = given(await store.record(idOf(1))).event;
      const outcomes = await Promise.allSettled(
        handles.map((handle, index) => handle.report(idOf(1), reportOf(`${index} ${round}`, NOW, { ifEvent }), NOW)),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('gives an email to one of two who ask for it at once', async () => {
    const handles = [store, await world.second()];
    const outcomes = await Promise.allSettled(
      handles.map((handle, index) => handle.putPerson({ ...personOf(index), email: 'one@example.com' }, NOW)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await allRecords(store)).toHaveLength(1);
  });

  it('goes on by itself after the store was lost', async () => {
    const [first] = await eventsAt([NOW + 1]);
    const feed = following(store);
    await feed.reaches(given(first).id);
    const comeBack = await world.lose();
    const report = reportOf('lost', NOW, { reportedUntil: NOW + MINUTE });
    await refused(store.report(idOf(1), report, NOW + SECOND), 'unavailable');
    await refused(store.check(), 'unavailable');
    await comeBack();
    // Who asks again doubles nothing, whether or not the first one arrived.
    const { record } = await store.report(idOf(1), report, NOW + SECOND);
    await store.check();
    await feed.reaches(record.event);
    expect(feed.seen).toEqual(await allEvents(store));
    expect(feed.seen.filter(({ record: { said } }) => said.text === 'lost')).toHaveLength(1);
  });
}

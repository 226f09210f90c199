import { afterEach, beforeEach, expect, it } from 'vitest';
import { nothingSaid } from '../../src/hub/model.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import {
  allEvents,
  allRecords,
  given,
  HOUR,
  type HubStoreWorld,
  idOf,
  NOW,
  type OpenHubStore,
  personOf,
  presenceOf,
  refused,
  replayed,
  reportOf,
  SECOND,
  withoutRenewals,
} from './hub-store-world.ts';

/** The part of the contract on who is there. */
export function hubStorePeople(openWorld: OpenHubStore): void {
  let world: HubStoreWorld;
  let store: HubStore;
  beforeEach(async () => {
    world = await openWorld();
    store = world.store;
  });
  afterEach(() => world.close());

  it('adds a person, of whom nobody has heard yet', async () => {
    const event = given(await store.putPerson(personOf(1), NOW));
    expect(event).toMatchObject({ at: NOW, kind: 'person' });
    expect(event.id).toBeGreaterThan(0);
    const record = {
      person: personOf(1),
      said: nothingSaid(NOW),
      day: [],
      reporting: false,
      reportedUntil: null,
      event: event.id,
    };
    expect(event.record).toEqual(record);
    expect(await store.record(idOf(1))).toEqual(record);
    expect(await store.recordByEmail('p1@example.com')).toEqual(record);
    expect(await store.head()).toBe(event.id);
  });

  it('makes no event of what is as it was', async () => {
    const person = personOf(1, [{ service: 'mattermost', id: 'm1' }]);
    const event = given(await store.putPerson(person, NOW));
    expect(await store.putPerson(person, NOW + SECOND)).toBeNull();
    expect(await store.record(idOf(1))).toEqual(event.record);
    expect(await store.head()).toBe(event.id);
  });

  it('changes name, email and identities, and nothing of what they show', async () => {
    await store.putPerson(personOf(1, [{ service: 'slack', id: 'old' }]), NOW);
    const before = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
    const person = {
      ...personOf(1),
      email: 'new@example.com',
      name: '',
      identities: [{ service: 'slack', id: 'new' }],
    };
    const event = given(await store.putPerson(person, NOW + SECOND));
    expect(event).toMatchObject({ kind: 'person', at: NOW + SECOND });
    expect(event.record).toEqual({ ...before.record, person, event: event.id });
    expect(await store.record(idOf(1))).toEqual(event.record);
    expect(await store.recordByEmail('new@example.com')).toEqual(event.record);
    expect(await store.recordByEmail('p1@example.com')).toBeNull();
    expect(await store.recordByIdentity('slack', 'new')).toEqual(event.record);
    expect(await store.recordByIdentity('slack', 'old')).toBeNull();
  });

  it('knows nobody who is not there', async () => {
    await store.putPerson(personOf(1), NOW);
    expect(await store.record(idOf(2))).toBeNull();
    expect(await store.recordByEmail('p2@example.com')).toBeNull();
    expect(await store.recordByIdentity('slack', 'nobody')).toBeNull();
    expect(await store.removePerson(idOf(2), NOW)).toBeNull();
    await refused(store.report(idOf(2), reportOf('x', NOW), NOW), 'notFound');
    await refused(store.signOff(idOf(2), NOW), 'notFound');
    expect(await store.history(idOf(2), 0)).toEqual([]);
  });

  it('gives an email to one person only, and does nothing by halves', async () => {
    await store.putPerson(personOf(1, [{ service: 'slack', id: 's' }]), NOW);
    await store.putPerson(personOf(2), NOW);
    const before = [await allRecords(store), await store.head()];
    const thief = { ...personOf(2), email: 'p1@example.com', identities: [{ service: 'slack', id: 's' }] };
    await refused(store.putPerson(thief, NOW + SECOND), 'conflict');
    await refused(store.putPerson({ ...personOf(3), email: 'p1@example.com' }, NOW + SECOND), 'conflict');
    expect([await allRecords(store), await store.head()]).toEqual(before);
    expect((await store.recordByIdentity('slack', 's'))?.person.id).toBe(idOf(1));
  });

  it('moves an identity to the last to whom it was given, and tells it of both', async () => {
    const shared = { service: 'mattermost', id: 'shared' };
    const own = { service: 'mattermost', id: 'own' };
    await store.putPerson(personOf(1, [own, shared]), NOW);
    const before = await store.head();
    const event = given(await store.putPerson(personOf(2, [shared]), NOW + SECOND));
    expect((await store.recordByIdentity('mattermost', 'shared'))?.person.id).toBe(idOf(2));
    expect(await store.record(idOf(1))).toMatchObject({ person: personOf(1, [own]) });
    expect((await store.recordByIdentity('mattermost', 'own'))?.person.id).toBe(idOf(1));
    const events = await allEvents(store, before);
    expect(events.map(({ kind, record }) => [kind, record.person.id]).sort()).toEqual([
      ['person', idOf(1)],
      ['person', idOf(2)],
    ]);
    expect(events).toContainEqual(event);
    expect(replayed(await allEvents(store))).toEqual((await allRecords(store)).map(withoutRenewals));
    await store.putPerson(personOf(1, [shared]), NOW + 2 * SECOND);
    expect((await store.recordByIdentity('mattermost', 'shared'))?.person.id).toBe(idOf(1));
    expect((await store.record(idOf(2)))?.person.identities).toEqual([]);
  });

  it('tells services and ids apart, however they are written', async () => {
    await store.putPerson(personOf(1, [{ service: 'a', id: 'b:c' }]), NOW);
    await store.putPerson(personOf(2, [{ service: 'a:b', id: 'c' }]), NOW);
    expect((await store.recordByIdentity('a', 'b:c'))?.person.id).toBe(idOf(1));
    expect((await store.recordByIdentity('a:b', 'c'))?.person.id).toBe(idOf(2));
    expect(await store.recordByIdentity('__proto__', 'c')).toBeNull();
  });

  it('removes a person, and what led to them', async () => {
    await store.putPerson(personOf(1, [{ service: 'slack', id: 's' }]), NOW);
    const { record } = await store.report(
      idOf(1),
      reportOf('Meeting', NOW, { presence: presenceOf('x', { until: NOW + SECOND }) }),
      NOW,
    );
    const event = given(await store.removePerson(idOf(1), NOW + SECOND));
    expect(event).toMatchObject({
      kind: 'removed',
      at: NOW + SECOND,
      record: { person: record.person, event: event.id },
    });
    expect(event.id).toBeGreaterThan(record.event);
    expect(await store.removePerson(idOf(1), NOW + SECOND)).toBeNull();
    expect(await store.record(idOf(1))).toBeNull();
    expect(await store.recordByEmail('p1@example.com')).toBeNull();
    expect(await store.recordByIdentity('slack', 's')).toBeNull();
    expect(await allRecords(store)).toEqual([]);
    expect(await store.endDue(NOW + HOUR, 10)).toEqual([]);
    // Email and identity are free again, and who comes back begins anew.
    await store.putPerson(
      { ...personOf(2), email: 'p1@example.com', identities: [{ service: 'slack', id: 's' }] },
      NOW + SECOND,
    );
    const back = given(await store.putPerson({ ...personOf(1), email: 'back@example.com' }, NOW + SECOND));
    expect(back.record).toMatchObject({ said: nothingSaid(NOW + SECOND), reporting: false });
  });

  it('gives the records in the order of the ids, page by page', async () => {
    const numbers = Array.from({ length: 25 }, (_, index) => (index * 7) % 25);
    await Promise.all(numbers.map((number) => store.putPerson(personOf(number), NOW)));
    const ids = Array.from({ length: 25 }, (_, number) => idOf(number));
    expect((await allRecords(store, 4)).map(({ person }) => person.id)).toEqual(ids);
    expect((await store.records(idOf(3), 2)).map(({ person }) => person.id)).toEqual([idOf(4), idOf(5)]);
    expect((await store.records(`${idOf(3)}x`, 1)).map(({ person }) => person.id)).toEqual([idOf(4)]);
    expect(await store.records(idOf(24), 5)).toEqual([]);
  });

  it('keeps it all when it is opened again', async () => {
    await store.putPerson(personOf(1, [{ service: 'slack', id: 's' }]), NOW);
    await store.report(
      idOf(1),
      reportOf('Meeting', NOW, { day: [{ start: NOW, end: NOW + HOUR, state: 'dnd' }] }),
      NOW,
    );
    await store.putPerson(personOf(2), NOW);
    const before = [await allRecords(store), await allEvents(store), await store.head()];
    const again = await world.reopen();
    expect([await allRecords(again), await allEvents(again), await again.head()]).toEqual(before);
    const event = given((await again.report(idOf(2), reportOf('Lunch', NOW), NOW)).event);
    expect(event.id).toBeGreaterThan(Number(before[2]));
  });

  it('checks itself, and says when it is closed', async () => {
    await store.check();
    await store.close();
    await refused(store.check(), 'unavailable');
    await refused(store.record(idOf(1)), 'unavailable');
    await refused(store.putPerson(personOf(1), NOW), 'unavailable');
    await store.close();
  });
}

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
  idsOf,
  MINUTE,
  NOW,
  type OpenHubStore,
  personOf,
  presenceOf,
  refused,
  replayed,
  reportOf,
  SECOND,
  stillThere,
  withoutRenewals,
} from './hub-store-world.ts';

/** The part of the contract on what people show, and when it ends. */
export function hubStorePresence(openWorld: OpenHubStore): void {
  let world: HubStoreWorld;
  let store: HubStore;
  beforeEach(async () => {
    world = await openWorld();
    store = world.store;
    await store.putPerson(personOf(1), NOW);
  });
  afterEach(() => world.close());

  it('shows what was reported, in one event', async () => {
    const day = [{ start: NOW, end: NOW + HOUR, state: 'dnd' as const }];
    const at = NOW + SECOND;
    const { record, event } = await store.report(idOf(1), reportOf('Meeting', at, { day }), at);
    expect(record).toEqual({
      person: personOf(1),
      said: { ...presenceOf('Meeting'), source: 'app', changedAt: at },
      day,
      reporting: true,
      reportedUntil: at + 10 * MINUTE,
      event: given(event).id,
    });
    expect(event).toEqual({ id: record.event, at, kind: 'presence', record });
    expect(await store.record(idOf(1))).toEqual(record);
  });

  it('makes no event of a report that says the same, and counts it', async () => {
    const first = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
    const at = NOW + 5 * MINUTE;
    for (const report of [reportOf('Meeting', at), stillThere(at)]) {
      const again = await store.report(idOf(1), report, at);
      expect(again).toEqual({ record: { ...first.record, reportedUntil: at + 10 * MINUTE }, event: null });
      expect(await store.record(idOf(1))).toEqual(again.record);
    }
    expect(await store.head()).toBe(first.record.event);
    expect(await store.endDue(NOW + 14 * MINUTE, 10)).toEqual([]);
  });

  it.each([
    ['state', { presence: presenceOf('Meeting', { state: 'away' }) }],
    ['text', { presence: presenceOf('Meeting!') }],
    ['emoji', { presence: presenceOf('Meeting', { emoji: '' }) }],
    ['end', { presence: presenceOf('Meeting', { until: NOW + HOUR }) }],
    ['source', { source: 'command' }],
  ] as const)('makes an event of another %s', async (_, change) => {
    const first = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
    const at = NOW + SECOND;
    const { record, event } = await store.report(idOf(1), reportOf('Meeting', at, change), at);
    expect(record.event).toBeGreaterThan(first.record.event);
    expect(event?.record).toEqual(record);
    expect(record.said).toEqual({
      ...first.record.said,
      ...('presence' in change ? change.presence : change),
      changedAt: at,
    });
  });

  it('keeps the day that was told before, and takes a new one without an event', async () => {
    const day = [{ start: NOW, end: NOW + HOUR, state: 'dnd' as const }];
    const later = [{ start: NOW + HOUR, end: NOW + 2 * HOUR, state: 'away' as const }];
    await store.report(idOf(1), reportOf('Meeting', NOW, { day }), NOW);
    expect((await store.report(idOf(1), stillThere(NOW), NOW)).record.day).toEqual(day);
    expect(await store.report(idOf(1), { ...stillThere(NOW), day: later }, NOW)).toMatchObject({
      event: null,
      record: { day: later },
    });
    expect((await store.record(idOf(1)))?.day).toEqual(later);
    expect((await store.report(idOf(1), reportOf('Other', NOW), NOW)).event?.record.day).toEqual(later);
  });

  it('is offline at once after signing off, and the next report brings back what was said', async () => {
    const first = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
    const off = given(await store.signOff(idOf(1), NOW + SECOND));
    expect(off).toMatchObject({ kind: 'presence', at: NOW + SECOND });
    expect(off.record).toEqual({ ...first.record, reporting: false, reportedUntil: null, event: off.id });
    expect(await store.record(idOf(1))).toEqual(off.record);
    expect(await store.signOff(idOf(1), NOW + SECOND)).toBeNull();
    const at = NOW + 2 * SECOND;
    const back = await store.report(idOf(1), stillThere(at), at);
    expect(back.event).toMatchObject({ kind: 'presence', at, record: back.record });
    expect(back.record).toMatchObject({ said: first.record.said, reporting: true, reportedUntil: at + 10 * MINUTE });
  });

  it('has somebody available who is there and never said anything', async () => {
    const { record, event } = await store.report(idOf(1), stillThere(NOW), NOW);
    expect(record).toMatchObject({ said: nothingSaid(NOW), reporting: true });
    expect(event?.record).toEqual(record);
  });

  it('ends reports that have run out, keeping what was said', async () => {
    const { record } = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
    const due = NOW + 10 * MINUTE;
    expect(await store.endDue(due - 1, 10)).toEqual([]);
    const events = await store.endDue(due, 10);
    const [event] = events;
    expect(events).toEqual([{ id: given(event).id, at: due, kind: 'presence', record: given(event).record }]);
    expect(event?.record).toEqual({ ...record, reporting: false, reportedUntil: null, event: event?.id });
    expect(await store.record(idOf(1))).toEqual(event?.record);
    expect(await store.endDue(due, 10)).toEqual([]);
    expect(await store.signOff(idOf(1), due)).toBeNull();
    const back = await store.report(idOf(1), stillThere(due), due);
    expect(back.record.said).toEqual(record.said);
  });

  it('ends presences with an end: available, with nothing said', async () => {
    const until = NOW + MINUTE;
    const { record } = await store.report(
      idOf(1),
      reportOf('Break', NOW, { presence: presenceOf('Break', { until }) }),
      NOW,
    );
    expect(await store.endDue(until - 1, 10)).toEqual([]);
    const [event] = await store.endDue(until, 10);
    expect(event).toMatchObject({ kind: 'presence', at: until });
    expect(event?.record).toEqual({ ...record, said: nothingSaid(until), event: event?.id });
    expect(await store.record(idOf(1))).toEqual(event?.record);
    expect(await store.endDue(until, 10)).toEqual([]);
    // The report still counts as long as before.
    const [offline] = await store.endDue(NOW + 10 * MINUTE, 10);
    expect(offline?.record).toMatchObject({ reporting: false, said: nothingSaid(until) });
  });

  it('brings nothing back whose end has passed while nobody reported', async () => {
    const until = NOW + MINUTE;
    await store.report(idOf(1), reportOf('Break', NOW, { presence: presenceOf('Break', { until }) }), NOW);
    await store.signOff(idOf(1), NOW + SECOND);
    // Nothing of what is shown ends.
    expect(await store.endDue(until, 10)).toEqual([]);
    const back = await store.report(idOf(1), stillThere(until), until);
    expect(back.record).toMatchObject({ said: nothingSaid(until), reporting: true });
  });

  it('takes a presence that is over already as nothing said, again and again without an event', async () => {
    const until = NOW + MINUTE;
    const report = reportOf('Break', NOW, { presence: presenceOf('Break', { until }), reportedUntil: NOW + HOUR });
    await store.report(idOf(1), report, NOW);
    const [event] = await store.endDue(until, 10);
    expect(await store.report(idOf(1), report, until + SECOND)).toEqual({ record: given(event).record, event: null });
  });

  it('makes one end of two at once: offline', async () => {
    const until = NOW + MINUTE;
    await store.report(idOf(1), reportOf('Break', NOW, { presence: presenceOf('Break', { until }) }), NOW);
    const events = await store.endDue(NOW + HOUR, 10);
    expect(events).toHaveLength(1);
    expect(events[0]?.record.reporting).toBe(false);
    expect(await store.endDue(NOW + HOUR, 10)).toEqual([]);
  });

  it('ends at most as many as it is asked to', async () => {
    const numbers = [1, 2, 3, 4, 5];
    for (const number of numbers) {
      await store.putPerson(personOf(number), NOW);
      await store.report(idOf(number), reportOf('Meeting', NOW), NOW);
    }
    const ended = [];
    for (const size of [2, 2, 1, 0]) {
      const events = await store.endDue(NOW + HOUR, 2);
      expect(events).toHaveLength(size);
      ended.push(...events);
    }
    expect(ended.map(({ record }) => record.person.id).sort()).toEqual(numbers.map(idOf));
    expect((await allEvents(store)).slice(-5)).toEqual(ended);
  });

  it('counts a report only over the version it names', async () => {
    const first = await store.report(idOf(1), reportOf('One', NOW), NOW);
    const second = await store.report(idOf(1), reportOf('Two', NOW, { ifEvent: first.record.event }), NOW);
    expect(second.event).not.toBeNull();
    await refused(store.report(idOf(1), reportOf('Three', NOW, { ifEvent: first.record.event }), NOW), 'conflict');
    await refused(store.report(idOf(1), { ...stillThere(NOW + HOUR), ifEvent: 0 }, NOW), 'conflict');
    expect(await store.record(idOf(1))).toEqual(second.record);
    // What makes no event leaves the version as it is.
    const same = await store.report(idOf(1), reportOf('Two', NOW, { ifEvent: second.record.event }), NOW);
    expect(same).toEqual({ record: second.record, event: null });
  });

  it('takes what was asked for at once, each with its own outcome', async () => {
    const outcomes = await Promise.allSettled([
      store.report(idOf(1), reportOf('One', NOW), NOW),
      store.report(idOf(9), reportOf('Nobody', NOW), NOW),
      store.putPerson({ ...personOf(2), email: 'p1@example.com' }, NOW),
      store.putPerson(personOf(2), NOW),
      store.report(idOf(2), reportOf('Two', NOW), NOW),
      store.documents.put('c', 'k', 1, NOW, { expected: 7 }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect((await allRecords(store)).map(({ said }) => said.text)).toEqual(['One', 'Two']);
    expect(replayed(await allEvents(store))).toEqual((await allRecords(store)).map(withoutRenewals));
  });

  it('tells what one person showed', async () => {
    await store.putPerson(personOf(2), NOW);
    const made = [];
    for (const step of [1, 2, 3, 4]) {
      const at = NOW + step * SECOND;
      made.push(given((await store.report(idOf(1), reportOf(`step ${step}`, at), at)).event));
      await store.report(idOf(2), reportOf(`step ${step}`, at), at);
    }
    made.push(given(await store.signOff(idOf(1), NOW + 5 * SECOND)));
    const history = async (since: number) =>
      (await store.history(idOf(1), since)).filter(({ kind }) => kind === 'presence');
    expect(await history(NOW)).toEqual(made);
    expect(await history(NOW + 3 * SECOND)).toEqual(made.slice(2));
    expect(await history(NOW + HOUR)).toEqual([]);
  });

  it('tells the newest 200 where there are more', async () => {
    const events = [];
    for (let step = 0; step < 230; step++) {
      events.push(given((await store.report(idOf(1), reportOf(`step ${step}`, NOW), NOW)).event));
    }
    expect(idsOf(await store.history(idOf(1), NOW))).toEqual(idsOf(events.slice(-200)));
  });
}

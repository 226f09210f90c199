import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { eventOut } from '../../src/hub/api/schemas.ts';
import { deadLetterKey } from '../../src/hub/webhooks/records.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { allEvents, given, NOW } from './hub-store-world.ts';
import {
  type Answer,
  expectSigned,
  newFolder,
  openReceiver,
  openWorld,
  SECRET,
  type WorldOptions,
} from './hub-webhooks-world.ts';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const receiver = async (answer?: Answer) => {
  const made = await openReceiver(answer);
  opened.push(made);
  return made;
};
const world = async (options?: WorldOptions) => {
  const made = await openWorld(options);
  opened.push(made);
  return made;
};
/** Goes when those that use it are closed. */
const folderOfTest = async () => {
  const folder = await newFolder();
  opened.unshift({ close: () => rm(folder, { recursive: true, force: true }) });
  return folder;
};
const says =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end();

describe('webhooks', () => {
  it('sends every change from its making on, in order, signed, as the feed has it', async () => {
    const { url, seen, ids, mostBusy } = await receiver();
    const hub = await world();
    await hub.change(1, 'before');
    const id = await hub.add(url);
    const last = [];
    for (let i = 0; i < 30; i += 1) last.push(await hub.change(i % 3, `text ${i}`));
    await hub.delivered(id, given(last.at(-1)));
    const events = (await allEvents(hub.store)).slice(2);
    expect(seen.map(({ json }) => json)).toEqual(events.map(eventOut));
    expect(ids()).toEqual(events.map((event) => event.id));
    expect(mostBusy()).toBe(1);
    for (const one of seen) {
      expectSigned(one, SECRET, hub.clock.now());
      expect(one.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-hipstatus-event': one.json.kind,
        'x-hipstatus-delivery': String(one.json.id),
      });
    }
  });

  it('sends only the kinds and the people that are wanted', async () => {
    const all = await receiver();
    const some = await receiver();
    const hub = await world();
    const [whole, part] = [
      await hub.add(all.url),
      await hub.add(some.url, { kinds: ['presence'], emails: ['p2@example.com'] }),
    ];
    await hub.change(1, 'a');
    const wanted = await hub.change(2, 'b');
    await hub.delivered(part, wanted);
    const { version } = given(await hub.webhooks.progress(part));
    await hub.change(3, 'c');
    const gone = given(await hub.store.removePerson((await hub.store.records('', 1))[0]?.person.id ?? '', NOW));
    await hub.delivered(whole, gone.id);
    await some.count(1);
    expect(some.ids()).toEqual([wanted]);
    expect(all.seen.map(({ json }) => json.kind)).toEqual([
      ...['person', 'presence', 'person', 'presence', 'person', 'presence', 'removed'],
    ]);
    // What is not wanted is passed over without much writing.
    expect(given(await hub.webhooks.progress(part)).version).toBe(version);
  });

  it.each([
    ['an error', says(500), 'status 500'],
    ['a refusal', says(401), 'status 401'],
    ['a redirect, which is not followed', says(302, { location: '/other' }), 'status 302'],
    ['a connection that is cut', ((_, response) => void response.destroy()) as Answer, 'network'],
  ])('tries again after %s, the same under the same number', async (_, answer, reason) => {
    const target = await receiver(answer);
    const hub = await world();
    const id = await hub.add(target.url, { kinds: ['presence'] });
    const first = await hub.change(1, 'a');
    await hub.failed(id, 1);
    const second = await hub.change(1, 'b');
    expect(given(await hub.webhooks.progress(id)).value.pending).toMatchObject({ event: first, reason });
    await hub.clock.advance(9 * SECOND);
    expect(target.ids()).toEqual([first]);
    await hub.clock.advance(SECOND);
    await hub.failed(id, 2);
    target.answer = says(200);
    await hub.clock.advance(25 * SECOND);
    await hub.delivered(id, second);
    expect(target.ids()).toEqual([first, first, first, second]);
    expect(new Set(target.seen.slice(0, 3).map(({ body }) => body)).size).toBe(1);
    // Each try is signed with its own time, so that a receiver may refuse old ones.
    expectSigned(given(target.seen[2]), SECRET, NOW + 35 * SECOND);
  });

  it('waits as long as Retry-After says', async () => {
    const target = await receiver(says(429, { 'retry-after': '300' }));
    const hub = await world();
    const id = await hub.add(target.url, { kinds: ['presence'] });
    const event = await hub.change(1, 'a');
    await hub.failed(id, 1);
    target.answer = says(200);
    await hub.clock.advance(299 * SECOND);
    expect(target.ids()).toEqual([event]);
    await hub.clock.advance(SECOND);
    await hub.delivered(id, event);
  });

  it('gives up a receiver that says nothing for ten seconds, and disturbs no other', async () => {
    const dead = await receiver(() => undefined);
    const fine = await receiver();
    const hub = await world();
    const [toDead, toFine] = [await hub.add(dead.url), await hub.add(fine.url)];
    await hub.change(1, 'a');
    await dead.count(1);
    const last = await hub.change(1, 'b');
    await hub.delivered(toFine, last);
    expect(dead.seen).toHaveLength(1);
    await hub.clock.advance(10 * SECOND);
    await hub.failed(toDead, 1);
    expect(given(await hub.webhooks.progress(toDead)).value.pending?.reason).toBe('timeout');
    expect(hub.dispatcher.stats()).toMatchObject({ on: 2, off: 0, failing: 1, waitingSince: NOW });
  });

  it('puts away what was not taken in eight tries, and goes on', async () => {
    const target = await receiver(
      ({ json }, response) => void response.writeHead(json.kind === 'person' ? 400 : 200).end(),
    );
    const hub = await world();
    const id = await hub.add(target.url);
    const last = await hub.change(1, 'a');
    for (let tries = 1; tries < 8; tries += 1) {
      await hub.failed(id, tries);
      const { nextAt } = given(given(await hub.webhooks.progress(id)).value.pending);
      await hub.clock.advanceTo(nextAt);
    }
    await hub.delivered(id, last);
    expect(hub.clock.now() - NOW).toBeLessThan(90 * MINUTE);
    const letters = await hub.webhooks.deadLetters(id, 0, 10);
    expect(letters).toMatchObject([{ event: last - 1, kind: 'person', tries: 8, reason: 'status 400', at: NOW }]);
    expect(letters[0]?.body).toBe(target.seen[0]?.body);
    expect(target.ids()).toEqual([...Array(8).fill(last - 1), last]);
    expect(hub.deadLetters()).toBe(1);
    expect(hub.dispatcher.stats()).toMatchObject({ failing: 0, waitingSince: null });
  });

  it('keeps a thousand dead letters, the newest', async () => {
    const hub = await world();
    const id = await hub.add('http://127.0.0.1:9/');
    const letter = { kind: 'presence', at: NOW, failedAt: NOW, tries: 8, reason: 'network', body: '{}' } as const;
    const { documents } = hub.store;
    const events = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const fill = (event: number) =>
      documents.put(`webhook-dead:${id}`, deadLetterKey(event), { event, ...letter }, NOW);
    await Promise.all(events.map(fill));
    let dropped = 0;
    for (const event of [1_001, 1_002, 1_003]) dropped += await hub.webhooks.addDeadLetter(id, { event, ...letter });
    expect(dropped).toBe(3);
    const kept = await hub.webhooks.deadLetters(id, 0, 2_000);
    expect(kept.map(({ event }) => event)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 4));
    await hub.webhooks.delete(id);
    expect(await hub.webhooks.deadLetters(id, 0, 2_000)).toEqual([]);
  });

  it('stops for good when the receiver says 410 Gone', async () => {
    const target = await receiver(says(410));
    const hub = await world();
    const id = await hub.add(target.url);
    await hub.change(1, 'a');
    await vi.waitFor(async () => expect((await hub.webhooks.get(id))?.isOff).toBe(true));
    await hub.clock.advance(MINUTE);
    await hub.change(1, 'b');
    await hub.clock.advance(2 * HOUR);
    expect(target.seen).toHaveLength(1);
    expect(hub.dispatcher.stats()).toMatchObject({ on: 0, off: 1 });
  });

  it('sends nothing to a webhook that was deleted', async () => {
    const target = await receiver(says(500));
    const hub = await world();
    const id = await hub.add(target.url);
    await hub.change(1, 'a');
    await hub.failed(id, 1);
    await hub.webhooks.delete(id);
    await hub.dispatcher.refresh();
    await hub.clock.advance(2 * HOUR);
    expect(target.seen).toHaveLength(1);
    expect(await hub.webhooks.progress(id)).toBeNull();
  });

  it('tells a receiver to read everything anew when the feed no longer reaches back', async () => {
    const folder = await folderOfTest();
    const clock = new FakeClock(NOW);
    const target = await receiver(says(503));
    const first = await openWorld({ folder, clock });
    const id = await first.add(target.url);
    const seen = await first.change(1, 'a');
    await first.failed(id, 1);
    await first.dispatcher.stop(0);
    await clock.advance(5 * SECOND);
    const lost = await first.change(2, 'b');
    await first.store.trim(clock.now() + 1);
    await first.close();

    const hub = await world({ folder, clock });
    await clock.advance(5 * SECOND);
    await target.count(2);
    expect(target.seen[1]).toMatchObject({
      json: { id: lost, kind: 'reset' },
      headers: { 'x-hipstatus-event': 'reset', 'x-hipstatus-delivery': `reset-${lost}` },
    });
    await hub.failed(id, 1);
    const later = await hub.change(3, 'c');
    target.answer = says(200);
    await clock.advance(10 * SECOND);
    await hub.delivered(id, later);
    expect(target.ids()).toEqual([seen - 1, lost, lost, later - 1, later]);
  });

  it('goes on where it was after a restart, with the tries that were', async () => {
    const folder = await folderOfTest();
    const clock = new FakeClock(NOW);
    const target = await receiver(says(500));
    const first = await openWorld({ folder, clock });
    const id = await first.add(target.url, { kinds: ['presence'] });
    const done = await first.change(1, 'a');
    await first.failed(id, 1);
    await clock.advance(10 * SECOND);
    await first.failed(id, 2);
    await first.close();
    const second = await world({ folder, clock });
    await clock.advance(SECOND);
    expect(target.seen).toHaveLength(2);
    target.answer = says(200);
    await clock.advance(24 * SECOND);
    await second.delivered(id, done);
    expect(target.ids()).toEqual([done, done, done]);
  });

  it('is delivered by one hub at a time, and by another when that one dies', async () => {
    const folder = await folderOfTest();
    const target = await receiver();
    // This hub freezes in its first delivery and thaws much later.
    let thaw = (): void => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    let frozenAt = 0;
    const [clockA, clockB] = [new FakeClock(NOW), new FakeClock(NOW)];
    const hubA = await world({
      folder,
      clock: clockA,
      owner: 'hub-a',
      wrap: (deliver) => async (webhook, message, signal) => {
        frozenAt += 1;
        if (frozenAt === 1) await frozen;
        return deliver(webhook, message, signal);
      },
    });
    const hubB = await world({ folder, clock: clockB, owner: 'hub-b' });
    const id = await hubA.add(target.url, { kinds: ['presence'] });
    await hubB.dispatcher.refresh();
    const first = await hubA.change(1, 'a');
    await vi.waitFor(() => expect(frozenAt).toBe(1));
    await clockB.advance(14 * SECOND);
    expect(target.seen).toEqual([]);
    await clockB.advance(46 * SECOND);
    await hubB.delivered(id, first);
    expect(target.ids()).toEqual([first]);
    const second = await hubB.change(1, 'b');
    await hubB.delivered(id, second);
    // What it did in its sleep may be sent twice, under the same number; the place of the other hub stays.
    clockA.set(MINUTE);
    thaw();
    await target.count(3);
    expect(target.ids()).toEqual([first, second, first]);
    const third = await hubB.change(1, 'c');
    for (let passed = 0; passed < 60; passed += 1) {
      await clockA.advance(SECOND);
      await clockB.advance(SECOND);
    }
    await hubB.delivered(id, third);
    expect(target.ids().filter((one) => one === third)).toHaveLength(1);
  });

  it('delivers everything at least once and in order, whatever the receiver does', async () => {
    const behaviours = fc.array(fc.constantFrom(200, 204, 500, 404, 0), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(behaviours, fc.integer({ min: 1, max: 5 }), async (answers, changes) => {
        let turn = 0;
        const target = await openReceiver((_, response) => {
          const status = answers[turn] ?? 200;
          turn += 1;
          if (status === 0) response.destroy();
          else response.writeHead(status).end();
        });
        const hub = await openWorld();
        try {
          const id = await hub.add(target.url, { kinds: ['presence'] });
          const ids: number[] = [];
          for (let i = 0; i < changes; i += 1) ids.push(await hub.change(1, `${i}`));
          while (given(await hub.webhooks.progress(id)).value.cursor < given(ids.at(-1))) {
            await hub.clock.advance(10 * SECOND);
            await new Promise((resolve) => setImmediate(resolve));
          }
          const letters = (await hub.webhooks.deadLetters(id, 0, 100)).map(({ event }) => event);
          const taken = target
            .ids()
            .filter((_, index) => (answers[index] ?? 200) >= 200 && (answers[index] ?? 200) < 300);
          expect(taken).toEqual(ids.filter((one) => !letters.includes(one)));
          expect([...new Set(target.ids())]).toEqual(ids);
        } finally {
          await hub.close();
          await target.close();
        }
      }),
      { numRuns: 12 },
    );
  });

  it('names a receiver in the log by its number only', async () => {
    const target = await receiver(says(500));
    const hub = await world();
    const id = await hub.add(`${target.url}/T0KEN-IN-THE-PATH`);
    await hub.change(1, 'a');
    await hub.failed(id, 1);
    const log = hub.log.join('');
    expect(log).toContain(`A delivery failed webhook=${id}`);
    for (const word of ['T0KEN', '127.0.0.1', SECRET, 'example.com']) expect(log).not.toContain(word);
  });
});

// What the tests of webhooks share: deliveries on a real store, to real receivers, by a clock that is moved by hand.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { createPlainLogger } from '../../src/adapters/node/plainLogger.ts';
import { HubFeed } from '../../src/hub/feed.ts';
import { createGuardedFetch } from '../../src/hub/guard/guardedFetch.ts';
import { Roster } from '../../src/hub/roster.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { openSqliteStore } from '../../src/hub/store/sqlite/store.ts';
import { createDelivery, type Deliver, type Outcome } from '../../src/hub/webhooks/delivery.ts';
import { WebhookDispatcher } from '../../src/hub/webhooks/dispatcher.ts';
import type { Webhook } from '../../src/hub/webhooks/records.ts';
import { Webhooks } from '../../src/hub/webhooks/webhooks.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { NOW, personOf, reportOf } from './hub-store-world.ts';

export const SECRET = 'the secret of these tests'.replaceAll(' ', '-');

export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: { readonly id: number; readonly kind: string };
}

/** Answers each delivery, or leaves it unanswered. */
export type Answer = (seen: Seen, response: ServerResponse) => void;

const OK: Answer = (_, response) => void response.writeHead(204).end();

/** A receiver on loopback that keeps what it was sent. */
export async function openReceiver(answer: Answer = OK) {
  const seen: Seen[] = [];
  const receiver = { answer };
  let busy = 0;
  let mostBusy = 0;
  const server = createServer(async (request, response) => {
    busy += 1;
    mostBusy = Math.max(mostBusy, busy);
    response.once('close', () => {
      busy -= 1;
    });
    const body = Buffer.concat(await request.toArray()).toString();
    const one = { headers: request.headers, body, json: JSON.parse(body) };
    seen.push(one);
    receiver.answer(one, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(receiver, {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    ids: () => seen.map(({ json }) => json.id),
    /** Deliveries under way at once, at most. */
    mostBusy: () => mostBusy,
    count: (least: number) => vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(least), WAIT),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

const WAIT = { timeout: 5_000, interval: 5 };

/** As the receiver's side checks it. */
export function expectSigned({ headers, body }: Seen, secret: string, now: number): void {
  const [, time = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-hipstatus-signature'])) ?? [];
  expect(Number(time)).toBe(Math.floor(now / 1_000));
  expect(mac).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
}

/** One hub's part in delivering, without its server. */
export interface World {
  readonly store: HubStore;
  readonly clock: FakeClock;
  readonly webhooks: Webhooks;
  readonly dispatcher: WebhookDispatcher;
  readonly outcomes: Outcome[];
  readonly log: string[];
  deadLetters(): number;
  /** Makes one and has it delivered to. */
  add(url: string, rest?: Partial<Pick<Webhook, 'kinds' | 'emails'>>): Promise<string>;
  /** Says something new of a person. @returns the event */
  change(person: number, text: string): Promise<number>;
  /** Resolves once the webhook has nothing more to deliver up to that event. */
  delivered(id: string, event: number): Promise<void>;
  /** Resolves once the last try failed that often. */
  failed(id: string, tries: number): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** A folder of its own otherwise. */
  readonly folder?: string;
  /** In the place of the embedded store. */
  readonly openStore?: () => HubStore;
  readonly clock?: FakeClock;
  readonly owner?: string;
  /** In the place of real delivery. */
  readonly wrap?: (deliver: Deliver) => Deliver;
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'hipstatus-webhooks-'));

export async function openWorld({
  folder: given,
  clock = new FakeClock(NOW),
  owner = 'hub-a',
  openStore,
  wrap,
}: WorldOptions = {}) {
  const folder = given ?? (await newFolder());
  const store = openStore === undefined ? await openSqliteStore({ folder, clock }) : openStore();
  const log: string[] = [];
  const stream = { write: (line: string) => log.push(line) };
  const logger = createPlainLogger({ stream, level: 'debug', now: () => clock.now() });
  const feed = new HubFeed({ store, roster: new Roster(), clock, logger });
  await feed.start();
  const guard = createGuardedFetch({ clock, allowPrivate: true });
  const webhooks = new Webhooks({ store, guard, clock });
  const outcomes: Outcome[] = [];
  let dead = 0;
  const real = createDelivery({ guard, clock, version: '0', observe: (outcome) => void outcomes.push(outcome) });
  const deliver = wrap === undefined ? real : wrap(real);
  const onDeadLetter = () => {
    dead += 1;
  };
  const dispatcher = new WebhookDispatcher({ store, feed, webhooks, deliver, clock, logger, owner, onDeadLetter });
  dispatcher.start();
  await dispatcher.refresh();
  const world: World = {
    store,
    clock,
    webhooks,
    dispatcher,
    outcomes,
    log,
    deadLetters: () => dead,
    async add(url, { kinds = null, emails = null } = {}) {
      const { id } = await webhooks.create({ url, kinds, emails, secret: SECRET });
      await dispatcher.refresh();
      return id;
    },
    async change(person, text) {
      await store.putPerson(personOf(person), clock.now());
      const report = { ...reportOf(text, clock.now()), reportedUntil: clock.now() + 1e12 };
      const { event } = await store.report(personOf(person).id, report, clock.now());
      return event?.id ?? 0;
    },
    delivered: (id, event) =>
      vi.waitFor(async () => expect((await webhooks.progress(id))?.value.cursor).toBeGreaterThanOrEqual(event), WAIT),
    failed: (id, tries) =>
      vi.waitFor(async () => expect((await webhooks.progress(id))?.value.pending?.tries).toBe(tries), WAIT),
    async close() {
      await dispatcher.stop(0);
      feed.stop();
      await guard.close();
      await store.close();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

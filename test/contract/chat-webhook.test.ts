import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { webhookProvider } from '../../src/adapters/chat/webhook/provider.ts';
import { webhookBody } from '../../src/adapters/chat/webhook/schema.ts';
import { lastTold } from '../../src/adapters/chat/webhook/transform.ts';
import type { Presence } from '../../src/core/presence.ts';
import type { Wanted } from '../../src/core/presencePlan.ts';
import { ChatWorker } from '../../src/engine/chatWorker.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { startWebhook, type WebhookSandbox } from '../../src/sandbox/webhook.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { MemoryClaims, MemoryLogger } from '../fakes/memoryStores.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';

const SECRET = 'whsec_aGlwc3RhdHVzIGRvb3IgbGlnaHQgMjAyNg==';
const START = Date.parse('2026-01-05T09:00:00Z');
const HOUR = 3_600_000;

interface WebhookWorld extends ChatWorld {
  readonly server: WebhookSandbox;
  readonly journal: Journal;
  /** What the provider is given, as another start of the program would. */
  start(lastKnown?: () => Promise<Presence | null>): ReturnType<typeof webhookProvider>;
  address: string;
  secret: string;
}

async function open(): Promise<WebhookWorld> {
  let now = START;
  let count = 0;
  const journal = createJournal();
  const server = await startWebhook({ secret: SECRET, journal, now: () => now });
  const landed = () => journal.exchanges.filter(({ status }) => status === 204);
  const start: WebhookWorld['start'] = (lastKnown = async () => null) =>
    webhookProvider(
      { id: 'light', label: 'Door light', person: 'ada' },
      {
        fetch,
        now: () => now,
        address: async () => world.address,
        secret: async () => world.secret,
        newId: () => `id-${++count}`,
        lastKnown,
      },
    );
  const world: WebhookWorld = {
    server,
    journal,
    start,
    address: server.address,
    secret: SECRET,
    provider: start(),
    isWriteOnly: true,
    now: () => now,
    pass: (time) => {
      now += time;
    },
    personSets: async (light) => server.switchTo(light),
    async shown() {
      const { state, text, emoji } = server.shown();
      return { state: state as Presence['state'], text, emoji };
    },
    // A light keeps nothing else of anybody.
    profile: async () => null,
    rejectToken: () => server.setSecret('whsec_YW5vdGhlciBvbmU='),
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => void server.fail({ status, body: 'Secret plans' }),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    loseAnswer: () => void server.fail({ drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => landed().length,
    token: SECRET,
    // There is no published contract but our own: every body is what the schema says, and no more.
    findings: () =>
      journal.exchanges.flatMap(({ body }) => {
        const parsed = webhookBody.strict().safeParse(body);
        return parsed.success ? [] : [parsed.error.message];
      }),
    close: () => server.close(),
  };
  return world;
}

chatContract('Webhook', open);

describe('Webhook, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  const stateUntil = START + HOUR;
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until: null };
  let world: WebhookWorld;
  const read = () => world.provider.read(signal);
  const write = async () => world.provider.write({ presence: meeting, stateUntil }, await read(), signal);

  beforeEach(async () => {
    world = await open();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('tells all there is, and until when', async () => {
    await write();
    expect(world.server.shown()).toEqual({
      state: 'dnd',
      text: 'In a meeting',
      emoji: ':calendar:',
      until: stateUntil,
      person: 'ada',
    });
  });

  it('tells the same word only once to a receiver that keeps the ids', async () => {
    world.loseAnswer();
    await expect(write()).rejects.toMatchObject({ code: 'network' });
    await write();
    expect(world.server.ids()).toEqual(['msg_id-1']);
    await world.provider.write({ presence: { ...meeting, state: 'available' } }, await read(), signal);
    await write();
    expect(world.server.ids()).toEqual(['msg_id-1', 'msg_id-2', 'msg_id-3']);
  });

  it('goes unsigned where there is no secret', async () => {
    world.server.setSecret('');
    world.secret = '';
    await write();
    expect(Object.keys(world.journal.exchanges[0]?.headers ?? {})).not.toContain('webhook-signature');
  });

  it.each([
    [401, 'unauthorized', 'secret'],
    [410, 'notFound', 'Nobody listens'],
    [307, 'badResponse', 'another address'],
    [400, 'invalidInput', 'did not accept'],
  ])('%d is %s and says what to do', async (status, code, words) => {
    const headers = { location: 'https://elsewhere.example.com/' };
    world.server.fail({ status, headers, body: 'Secret plans' });
    await expect(write()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect((await read()).presence.state).toBe('available');
  });

  it('sends nothing to an open address outside the own network', async () => {
    world.address = 'http://light.example.com/hooks/secret-of-the-door';
    const error = await write().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalidInput', reason: 'badAddress' });
    expect(String(error)).not.toContain('secret-of-the-door');
    expect(world.journal.exchanges).toEqual([]);
  });

  describe('with the engine, over restarts', () => {
    const wanted: Wanted = { state: 'dnd', text: 'In a meeting', emoji: '', until: stateUntil, events: ['meeting'] };
    let claims: MemoryClaims;

    /** The program starts, brings the light up to date, and is gone. */
    async function run(what: Wanted): Promise<string> {
      const record = (await claims.load()).get('light');
      const provider = world.start(async () => lastTold((await claims.load()).get('light')));
      const worker = new ChatWorker({ id: 'light', provider: 'slack', email: '' }, provider, record, {
        claims,
        clock: new FakeClock(world.now()),
        logger: new MemoryLogger(),
        decide: (handsOff) => ({
          wanted: what,
          underWay: [],
          justBefore: [],
          handsOff,
          ownText: 'keep',
          profileTimeZone: null,
          onlyGiveBack: false,
        }),
        onChange: () => undefined,
        onWritten: () => undefined,
      });
      await worker.reconcile('edge');
      const { status } = worker.state;
      await worker.close();
      return status;
    }

    beforeEach(() => {
      claims = new MemoryClaims();
    });

    it('adopts what it has told before, and takes it back at the end (edge cases 42 and 44)', async () => {
      expect(await run(wanted)).toBe('ok');
      expect(await run(wanted)).toBe('ok');
      expect(world.landed()).toBe(1);
      expect(await run(null)).toBe('ok');
      expect(world.server.shown()).toMatchObject({ state: 'available', text: '', until: null });
      expect(await run(null)).toBe('ok');
      expect(world.landed()).toBe(2);
    });

    it('says it again when it is not known whether it arrived', async () => {
      world.loseAnswer();
      expect(await run(wanted)).toBe('failing');
      expect(await run(wanted)).toBe('ok');
      expect(world.landed()).toBe(1);
      const restore = world.cutOff();
      expect(await run(null)).toBe('failing');
      restore();
      expect(await run(null)).toBe('ok');
      expect(world.server.shown().state).toBe('available');
    });

    it('tells a longer meeting its new end', async () => {
      await run(wanted);
      await run({ ...wanted, until: stateUntil + HOUR });
      expect(world.server.shown()).toMatchObject({ state: 'dnd', until: stateUntil + HOUR });
      expect(world.landed()).toBe(2);
    });
  });
});

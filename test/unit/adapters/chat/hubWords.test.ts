import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEvents } from '../../../../src/adapters/chat/hub/eventStream.ts';
import { hubWords } from '../../../../src/adapters/chat/hub/words.ts';
import { AppError } from '../../../../src/core/appError.ts';
import type { RemoteWord } from '../../../../src/core/remoteWord.ts';
import type { WordFollowing } from '../../../../src/ports/wordSource.ts';
import { FakeClock, settle } from '../../../fakes/fakeClock.ts';
import { refusal } from '../../../fakes/tinyHub.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const EVENTS = 'GET /events?person=me';
const WORDS = 'GET /people/me/words';
const AT = '2026-01-05T09:00:00.000Z';
const READY = 'id: 5\nevent: ready\ndata: {"id":5}\n\n';
const pause = { kind: 'pause', until: '2026-01-05T10:00:00Z', text: '', at: AT, event: 4 };
const change = (event: number, source = 'command.busy') =>
  `id: ${event}\nevent: change\ndata: ${JSON.stringify({
    id: event,
    at: AT,
    kind: 'presence',
    presence: { source, text: 'Deep\nwork', until: '2026-01-05T10:00:00Z', changedAt: AT },
  })}\n\n`;

/** What the hub answers next, and one open stream. */
class Hub {
  readonly calls: string[] = [];
  readonly tokens: (string | null)[] = [];
  readonly instead: (() => Response)[] = [];
  said: readonly object[] = [];
  #line: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const call = `GET ${url.replace('https://hub.example.com/api/v1', '')}`;
    this.calls.push(call);
    this.tokens.push(new Headers(init.headers).get('authorization'));
    init.signal?.throwIfAborted();
    const instead = this.instead.shift();
    if (instead !== undefined) return instead();
    if (call === WORDS) return Response.json({ items: this.said });
    const body = new ReadableStream<Uint8Array>({
      start: (line) => {
        this.#line = line;
        init.signal?.addEventListener('abort', () => line.error(new DOMException('Given up', 'AbortError')));
      },
    });
    this.send(READY);
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  };

  send(text: string): void {
    this.#line?.enqueue(new TextEncoder().encode(text));
  }

  hangUp(): void {
    this.#line?.close();
  }

  take(): readonly string[] {
    return this.calls.splice(0);
  }
}

let clock: FakeClock;
let hub: Hub;
let token: string;
let following: WordFollowing;
let words: RemoteWord[];
const kinds = () => words.map(({ kind, event }) => `${kind} ${event}`);

async function follow(): Promise<void> {
  const source = hubWords({
    fetch: hub.fetch,
    now: () => clock.now(),
    server: 'https://hub.example.com',
    timers: clock,
    async token() {
      if (token === '') throw new AppError('unauthorized', 'There is none.', { reason: 'noSecret' });
      return token;
    },
  });
  following = source.follow((word) => void words.push(word));
  await settle();
}

beforeEach(() => {
  clock = new FakeClock(AT);
  hub = new Hub();
  token = 'hst_1_secret';
  words = [];
});
afterEach(async () => {
  following?.stop();
  await settle();
  expect(clock.timers).toBe(0);
});

describe('words from a hub', () => {
  it('are those that were said before, and then as they are said', async () => {
    hub.said = [pause];
    await follow();
    expect(hub.take()).toEqual([EVENTS, WORDS]);
    expect(kinds()).toEqual(['pause 4']);
    hub.send(change(6, 'app') + change(7));
    await settle();
    expect(kinds()).toEqual(['pause 4', 'busy 7']);
    expect(words[1]?.text).toBe('Deep work');
    expect(new Set(hub.tokens)).toEqual(new Set(['Bearer hst_1_secret']));
  });

  it('are read anew after a line that broke, a hub that said so, and a machine that woke', async () => {
    await follow();
    hub.take();
    hub.hangUp();
    await clock.advance(SECOND);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
    hub.send('event: reset\ndata: {"id":9}\n\n');
    await settle();
    expect(hub.take()).toEqual([WORDS]);
    following.reconnect();
    await clock.advance(SECOND);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
  });

  it('are looked for on a new line when the old one has been silent for three beats', async () => {
    await follow();
    hub.take();
    for (let beat = 0; beat < 8; beat++) {
      await clock.advance(15 * SECOND);
      hub.send(': still here\n\n');
      await settle();
    }
    expect(hub.take()).toEqual([]);
    await clock.advance(46 * SECOND);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
  });

  it('are asked for ever more seldom while the hub is away, up to once a minute, and at once when the machine wakes', async () => {
    hub.instead.push(...Array.from({ length: 10 }, () => () => refusal(503, 'unavailable')));
    await follow();
    const times: number[] = [];
    const begun = clock.now();
    while (hub.calls.length < 9) {
      const before = hub.calls.length;
      await clock.advance(SECOND / 4);
      if (hub.calls.length > before) times.push((clock.now() - begun) / SECOND);
    }
    const waits = times.map((time, index) => time - (times[index - 1] ?? 0));
    expect(waits[0]).toBeLessThan(1.1);
    expect(waits.at(-1)).toBeGreaterThan(40);
    expect(waits.at(-1)).toBeLessThan(61);
    hub.take();
    following.reconnect();
    await clock.advance(0);
    expect(hub.take()).toEqual([EVENTS]);
  });

  it('wait as long as the hub says', async () => {
    hub.instead.push(() => refusal(429, 'rateLimited', { 'retry-after': '90' }));
    await follow();
    hub.take();
    await clock.advance(89 * SECOND);
    expect(hub.take()).toEqual([]);
    await clock.advance(2 * SECOND);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
  });

  it('end with a refused token, which is not shown again, until there is another', async () => {
    hub.instead.push(() => refusal(401, 'unauthorized'));
    await follow();
    hub.take();
    await clock.advance(60 * MINUTE);
    following.reconnect();
    await clock.advance(MINUTE);
    expect(hub.take()).toEqual([]);
    token = 'hst_2_secret';
    while (hub.calls.length === 0) await clock.advance(10 * SECOND);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
    expect(hub.tokens.at(-1)).toBe('Bearer hst_2_secret');
    expect(clock.now() - Date.parse(AT)).toBeLessThan(67 * MINUTE);
  });

  it('begin once there is a token', async () => {
    token = '';
    await follow();
    expect(hub.take()).toEqual([]);
    token = 'hst_1_secret';
    following.reconnect();
    await settle();
    await clock.advance(0);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
  });

  it.each([
    ['does not know the way', () => refusal(404, 'notFound')],
    ['does not allow it', () => refusal(403, 'forbidden')],
  ])('are hardly asked for again of a hub that %s', async (_name, answer) => {
    hub.instead.push(answer);
    await follow();
    hub.take();
    await clock.advance(29 * MINUTE);
    expect(hub.take()).toEqual([]);
    while (hub.calls.length === 0) await clock.advance(10 * SECOND);
    expect(hub.take()).toEqual([EVENTS, WORDS]);
    expect(clock.now() - Date.parse(AT)).toBeLessThan(31 * MINUTE);
  });

  it('are not taken from another server that answers in its place, and not from what is no word', async () => {
    hub.instead.push(() => new Response('<html>', { headers: { 'content-type': 'text/html' } }));
    await follow();
    await clock.advance(SECOND);
    hub.send('event: change\ndata: {"id":"six"}\n\nevent: change\ndata: {}\n\n');
    hub.send(change(6));
    await settle();
    expect(kinds()).toEqual(['busy 6']);
  });

  it('end at once when nobody follows any more', async () => {
    await follow();
    following.stop();
    hub.take();
    await clock.advance(60 * MINUTE);
    following.reconnect();
    expect([hub.take(), words]).toEqual([[], []]);
  });
});

describe('server-sent events', () => {
  const read = async (...chunks: readonly string[]) => {
    let bytes = 0;
    const body = new ReadableStream<Uint8Array>({
      start(line) {
        for (const chunk of chunks) line.enqueue(new TextEncoder().encode(chunk));
        line.close();
      },
    });
    const events: string[] = [];
    for await (const { name, data } of readEvents(body, new AbortController().signal, () => void bytes++))
      events.push(`${name}=${data}`);
    return { events, bytes };
  };

  it('are read however they are cut, with any line end, and without comments', async () => {
    const whole = ': hello\n\nretry: 2000\n\nevent: a\r\ndata: 1\r\n\r\ndata:2\rdata: 3\r\revent: b\ndata: é: ü\n\n';
    const expected = ['a=1', 'message=2\n3', 'b=é: ü'];
    expect((await read(whole)).events).toEqual(expected);
    const cut = await read(...whole);
    expect(cut.events).toEqual(expected);
    expect(cut.bytes).toBe(whole.length);
  });

  it('end with their signal, whether or not the stream hears of it', async () => {
    const stop = new AbortController();
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel() {
        isCancelled = true;
      },
    });
    const next = readEvents(body, stop.signal, () => undefined).next();
    stop.abort();
    expect([(await next).done, isCancelled]).toEqual([true, true]);
  });

  it('are not waited for without an end', async () => {
    await expect(read('data: ', 'x'.repeat(1_000_001), 'x')).rejects.toThrow('no end');
  });
});

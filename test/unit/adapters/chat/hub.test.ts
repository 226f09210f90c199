import { beforeEach, describe, expect, it } from 'vitest';
import { hubProvider } from '../../../../src/adapters/chat/hub/provider.ts';
import { toReading, toUpdate } from '../../../../src/adapters/chat/hub/transform.ts';
import { AppError } from '../../../../src/core/appError.ts';
import type { Presence } from '../../../../src/core/presence.ts';
import type { ChatProvider } from '../../../../src/ports/chatProvider.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { refusal, TinyHub } from '../../../fakes/tinyHub.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const REPORT = 'POST /presences/me/report';
const { signal } = new AbortController();
const free: Presence = { state: 'available', text: '', emoji: '', until: null };

let clock: FakeClock;
let hub: TinyHub;
let provider: ChatProvider;
let token: string;

const start = () =>
  hubProvider(
    { id: 'hub', label: 'HipStatus hub' },
    {
      fetch: hub.fetch,
      now: () => clock.now(),
      server: 'https://hub.example.com/api/v1/',
      token: async () => token,
      timers: clock,
    },
  );
const read = () => provider.read(signal);
const meeting = (): Presence => ({
  state: 'dnd',
  text: 'In a meeting',
  emoji: ':calendar:',
  until: clock.now() + 30 * MINUTE,
});
const failure = async (call: Promise<unknown>): Promise<AppError> => {
  const thrown = await call.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(AppError);
  expect(`${thrown} ${(thrown as Error).stack}`).not.toMatch(/hst_|Secret plans/);
  return thrown as AppError;
};

beforeEach(() => {
  clock = new FakeClock('2026-01-05T09:00:00Z');
  hub = new TinyHub(() => clock.now());
  token = hub.token;
  provider = start();
});

describe('the hub: reading and writing', () => {
  it('asks once whose token it is, and then only reports', async () => {
    expect((await read()).presence).toEqual(free);
    expect(hub.takeCalls()).toEqual(['GET /me', REPORT]);
    await read();
    expect(hub.takeCalls()).toEqual([REPORT]);
    await clock.advance(61 * MINUTE);
    hub.takeCalls();
    await read();
    expect(hub.takeCalls()).toEqual(['GET /me', REPORT]);
  });

  it('asks anew for another token', async () => {
    await read();
    token = 'hst_2_other';
    expect(await failure(read())).toMatchObject({ code: 'unauthorized', reason: 'tokenRefused' });
    expect(hub.takeCalls()).toEqual(['GET /me', REPORT, 'GET /me']);
  });

  it('says it in one act, over what was read and nothing newer', async () => {
    const basis = await read();
    await provider.write({ presence: meeting(), stateUntil: clock.now() + 30 * MINUTE }, basis, signal);
    const put = hub.calls.at(-1);
    expect(put).toMatchObject({
      call: 'PUT /presences/me',
      ifMatch: '"1"',
      body: {
        state: 'dnd',
        text: 'In a meeting',
        emoji: ':calendar:',
        until: '2026-01-05T09:30:00.000Z',
        source: 'app',
      },
    });
    expect((await read()).presence).toEqual(meeting());
  });

  it('writes over nothing that was said in the meantime, and asks for another look soon', async () => {
    const basis = await read();
    hub.say({ state: 'away', text: 'Lunch' });
    const error = await failure(provider.write({ presence: meeting() }, basis, signal));
    expect(error).toMatchObject({ code: 'conflict', reason: 'changed', retryAfter: SECOND });
    expect(hub.shown()).toMatchObject({ state: 'away', text: 'Lunch' });
  });

  it('writes without a condition over a reading that is not its own', async () => {
    const basis = await read();
    await provider.write({ presence: meeting() }, { ...basis }, signal);
    expect(hub.calls.at(-1)).toMatchObject({ call: 'PUT /presences/me', ifMatch: null });
  });

  it('leaves alone who says they are offline', async () => {
    hub.say({ state: 'offline' });
    const basis = await read();
    expect(basis.presence.state).toBe('offline');
    const error = await failure(provider.write({ presence: meeting() }, basis, signal));
    expect(error).toMatchObject({ code: 'conflict', reason: 'offline' });
  });

  it('has the hub end a state that has no text, and tells no end of the text', async () => {
    const stateUntil = clock.now() + 30 * MINUTE;
    await provider.write({ presence: { ...free, state: 'dnd' }, stateUntil }, await read(), signal);
    expect(hub.shown()).toMatchObject({ state: 'dnd', until: stateUntil });
    expect((await read()).presence).toEqual({ ...free, state: 'dnd' });
    // Also at the next start of the program.
    provider = start();
    expect((await read()).presence).toEqual({ ...free, state: 'dnd' });
  });

  it('tells the end that the person gave to a state, also after it was given back', async () => {
    const until = clock.now() + 60 * MINUTE;
    hub.say({ state: 'away', until });
    const basis = await read();
    expect(basis.presence).toEqual({ ...free, state: 'away', until });
    await provider.write({ presence: meeting() }, basis, signal);
    await provider.write({ presence: basis.presence }, await read(), signal);
    expect((await read()).presence).toEqual(basis.presence);
  });
});

describe('the hub: one end for all', () => {
  const shown = { state: 'dnd', text: '', emoji: '', until: 5, source: 'app', changedAt: 0, event: 3 } as const;

  it.each([
    ['nothing is said beside the state', free, 7, 7],
    ['the text ends with the state', { ...free, text: 'In a meeting', until: 7 }, 7, 7],
    ['the text is the person’s, and stays', { ...free, text: 'Hello' }, 7, null],
    ['the emoji is the person’s, and stays', { ...free, emoji: ':palm_tree:' }, 7, null],
    ['the text is the person’s, and ends sooner', { ...free, text: 'Lunch', until: 6 }, 7, 6],
    ['nothing ends', free, undefined, null],
  ])('where %s', (_name, presence, stateUntil, until) => {
    expect(toUpdate(presence, stateUntil, 'available').until).toBe(
      until === null ? null : new Date(until).toISOString(),
    );
  });

  it('is told as the end of what was written last, and otherwise by who set it', () => {
    const untilOf = (given: object, own: { event: number; until: number | null } | null) =>
      toReading({ ...shown, ...given }, own).presence.until;
    expect(untilOf({}, null)).toBeNull();
    expect(untilOf({ source: 'api' }, null)).toBe(5);
    expect(untilOf({}, { event: 3, until: 4 })).toBe(4);
    expect(untilOf({}, { event: 2, until: 4 })).toBeNull();
    expect(untilOf({ text: 'Hello' }, null)).toBe(5);
  });

  it('cuts a text to whole graphemes that any hub takes, and sets nobody offline', () => {
    const update = toUpdate({ ...free, state: 'offline', text: `${'a'.repeat(198)}🇩🇪` }, undefined, 'away');
    expect(update).toMatchObject({ text: 'a'.repeat(198), state: 'away' });
    expect(toUpdate({ ...free, text: 'Room 1\r\nHall' }, undefined, 'away').text).toBe('Room 1 Hall');
  });
});

describe('the hub: errors', () => {
  it.each([
    [401, 'unauthorized', 'unauthorized', 'tokenRefused', 'hipstatus hub token create --email'],
    [403, 'forbidden', 'forbidden', 'missing_scope', 'scope "publish"'],
    [404, 'notFound', 'notFound', 'nobodysToken', 'belongs to nobody'],
    [409, 'conflict', 'conflict', 'changed', 'looks again'],
    [412, 'conflict', 'conflict', 'changed', 'looks again'],
    [400, 'invalidInput', 'invalidInput', null, 'did not accept'],
    [500, 'serverError', 'serverError', null, 'tries again'],
    [503, 'unavailable', 'unavailable', null, 'tries again'],
  ])('%d %s is %s', async (status, told, code, reason, words) => {
    const basis = await read();
    hub.instead.push(() => refusal(status, told));
    const error = await failure(provider.write({ presence: meeting() }, basis, signal));
    expect(error).toMatchObject({ code, reason, message: expect.stringContaining(words) });
  });

  it.each([
    [403, 'forbidden', null, 'administrator'],
    [404, 'notFound', 'noHub', 'no HipStatus hub at this address'],
  ])('%d of somebody else is not taken for a word of the hub', async (status, code, reason, words) => {
    hub.instead.push(() => new Response('<p>nginx</p>', { status }));
    expect(await failure(read())).toMatchObject({ code, reason, message: expect.stringContaining(words) });
  });

  it('takes a 404 of the hub itself for a wrong address where nobody is asked for', async () => {
    hub.instead.push(() => refusal(404, 'notFound'));
    expect(await failure(read())).toMatchObject({ code: 'notFound', reason: 'noHub' });
  });

  it('says how long the hub wants to be left alone', async () => {
    hub.instead.push(() => refusal(429, 'rateLimited', { 'retry-after': '7' }));
    expect(await failure(read())).toMatchObject({ code: 'rateLimited', retryAfter: 7_000 });
  });

  it('says that a token is nobody’s, and that one may not publish', async () => {
    hub.hasPerson = false;
    expect(await failure(read())).toMatchObject({ code: 'notFound', reason: 'nobodysToken' });
    hub.hasPerson = true;
    hub.scopes = ['read'];
    expect(await failure(read())).toMatchObject({ code: 'forbidden', reason: 'missing_scope' });
    expect(hub.takeCalls()).toEqual(['GET /me', 'GET /me']);
    hub.scopes = ['read', 'admin'];
    hub.instead.push(
      () => Response.json({ token: { scopes: ['admin'] }, person: {} }),
      () => Response.json({ ...free, source: 'api', changedAt: '2026-01-05T09:00:00Z', event: 1 }),
    );
    expect((await read()).presence).toEqual(free);
  });

  it('names the field that it does not understand', async () => {
    await read();
    hub.instead.push(() => Response.json({ ...free, until: 'soon', source: 'api', event: 1 }));
    expect(await failure(read())).toMatchObject({ code: 'badResponse', reason: 'until' });
  });
});

describe('the hub: the heartbeat', () => {
  const times = () =>
    hub.calls.splice(0).map(({ at, call }) => [(at - Date.parse('2026-01-05T09:00:00Z')) / SECOND, call]);

  it('says from the first reading on that the person is there, three times in the time there is', async () => {
    await clock.advance(60 * MINUTE);
    expect(hub.takeCalls()).toEqual([]);
    await read();
    hub.takeCalls();
    await clock.advance(15 * MINUTE);
    // A third of 900 s, at nine tenths: the clock's chance is 0.5.
    expect(times().map(([at]) => at)).toEqual([3_870, 4_140, 4_410]);
    await clock.advance(120 * MINUTE);
    expect(hub.shown().state).toBe('available');
    await provider.close?.();
  });

  it('begins anew after each reading, by the time that the hub says', async () => {
    hub.reportTimeout = 60;
    await read();
    await clock.advance(10 * SECOND);
    await read();
    hub.takeCalls();
    await clock.advance(17 * SECOND);
    expect(times()).toEqual([]);
    await clock.advance(2 * SECOND);
    expect(times()).toEqual([[28, REPORT]]);
    expect(clock.timers).toBe(1);
  });

  it('ends with the provider, and the person is offline some time later', async () => {
    await read();
    await provider.close?.();
    expect(clock.timers).toBe(0);
    hub.takeCalls();
    await clock.advance(14 * MINUTE);
    expect(hub.shown().state).toBe('available');
    await clock.advance(2 * MINUTE);
    expect(hub.shown().state).toBe('offline');
    expect(hub.takeCalls()).toEqual([]);
  });

  it('is given up when the provider closes in the middle of it', async () => {
    await read();
    const hanging = new Promise<AbortSignal>((resolve) => {
      hub.instead.push((given) => {
        resolve(given);
        return new Promise((_, reject) => given.addEventListener('abort', () => reject(given.reason)));
      });
    });
    await clock.advance(5 * MINUTE);
    const given = await hanging;
    expect(given.aborted).toBe(false);
    await provider.close?.();
    await clock.advance(60 * MINUTE);
    expect([given.aborted, clock.timers]).toEqual([true, 0]);
  });

  it('goes on after trouble, and as long after it as the hub asks for', async () => {
    await read();
    hub.takeCalls();
    hub.instead.push(
      () => Promise.reject(new TypeError('fetch failed')),
      () => refusal(503, 'unavailable', { 'retry-after': '400' }),
    );
    await clock.advance(20 * MINUTE);
    expect(times().map(([at]) => at)).toEqual([270, 540, 940]);
  });

  it.each([401, 403, 404])('stops at %d, and begins again when a reading is answered', async (status) => {
    await read();
    hub.takeCalls();
    hub.instead.push(() => refusal(status, 'whatever'));
    await clock.advance(60 * MINUTE);
    expect(hub.takeCalls()).toEqual([REPORT]);
    await read();
    hub.takeCalls();
    await clock.advance(5 * MINUTE);
    expect(hub.takeCalls()).toEqual([REPORT]);
  });

  it('leaves what was said as it is', async () => {
    const basis = await read();
    await provider.write({ presence: { ...meeting(), until: null } }, basis, signal);
    const { event } = hub.shown();
    await clock.advance(60 * MINUTE);
    expect(hub.shown()).toMatchObject({ state: 'dnd', text: 'In a meeting', event });
    // Our word goes over it still.
    await provider.write({ presence: free }, await read(), signal);
    expect(hub.shown()).toMatchObject({ state: 'available', text: '' });
  });
});

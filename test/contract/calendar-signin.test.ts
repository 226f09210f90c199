import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarProvider, microsoftSignIn } from '../../src/adapters/calendar/registry.ts';
import type { DeviceCode, SignedIn } from '../../src/ports/signIn.ts';
import { browse } from '../../src/sandbox/index.ts';
import { type CalendarSandbox, calendarSandbox } from './calendar-worlds.ts';

const window = { start: Date.parse('2026-01-05T00:00:00Z'), end: Date.parse('2026-01-06T00:00:00Z') };
const signal = new AbortController().signal;
const CACHE = 'msalcache/work';

let world: CalendarSandbox;
const ada = () => ({ account: world.sandbox.known.account, ca: world.sandbox.certificate.cert });
const signIn = (more: Partial<CalendarSandbox['deps']> = {}) => microsoftSignIn({ ...world.deps, ...more });
const interactive = (given: AbortSignal = signal) => signIn().interactive('work', ada().account, given);
const provider = (signedIn: SignedIn) =>
  calendarProvider({ id: 'work', provider: 'microsoft365', calendars: [], ...signedIn }, world.deps);
const view = (signedIn: SignedIn) => provider(signedIn).calendarView(window, 'Europe/Berlin', signal);
const calls = (part: string) => world.sandbox.exchanges.filter(({ path }) => path.includes(part));
const grants = () => calls('/oauth2/v2.0/token').map(({ body }) => (body as { grant_type: string }).grant_type);

/** Whether somebody listens on the loopback port that the browser was sent to. */
const isListening = (authorizeUrl: string) =>
  new Promise<boolean>((resolve) => {
    const port = Number(new URL(new URL(authorizeUrl).searchParams.get('redirect_uri') ?? '').port);
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

beforeAll(async () => {
  world = await calendarSandbox();
});
beforeEach(() => {
  world.secrets.values.clear();
  world.secrets.isLocked = false;
  world.person = ada();
  world.opened.length = 0;
  world.sandbox.graph.clear();
  world.sandbox.graph.clearFaults();
  world.sandbox.entra.clearFaults();
  world.sandbox.clearExchanges();
});
afterAll(() => world.close());

describe('signing in with the browser', () => {
  it('keeps the tokens in the keychain under the account, with least privilege and PKCE', async () => {
    const signedIn = await interactive();
    expect(signedIn.username).toBe(ada().account);
    expect(signedIn.homeAccountId).not.toBe('');
    expect([...world.secrets.values.keys()]).toEqual([CACHE]);
    const query = new URL(world.opened[0] ?? '').searchParams;
    expect(query.get('scope')?.split(' ').sort()).toEqual([
      'Calendars.ReadBasic',
      'User.Read',
      'offline_access',
      'openid',
      'profile',
    ]);
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('login_hint')).toBe(ada().account);
    expect(await isListening(world.opened[0] ?? '')).toBe(false);
  });

  it('offers the choice of accounts where none is known', async () => {
    await signIn().interactive('work', '', signal);
    expect(new URL(world.opened[0] ?? '').searchParams.get('prompt')).toBe('select_account');
  });

  it('is cancelled by the person, and leaves no trace', async () => {
    world.person = { ...ada(), cancel: true };
    await expect(interactive()).rejects.toMatchObject({ code: 'cancelled' });
    expect(world.secrets.values.size).toBe(0);
    expect(await isListening(world.opened[0] ?? '')).toBe(false);
  });

  it.each([
    ['while the browser is open', async () => undefined],
    ['while the browser opens', () => new Promise<void>(() => undefined)],
  ])('is given up %s: at once, with the port closed and no trace', async (_name, opens) => {
    const controller = new AbortController();
    let show: (url: string) => void = () => undefined;
    const shown = new Promise<string>((resolve) => {
      show = resolve;
    });
    const openAddress = (opened: string) => {
      setImmediate(show, opened);
      return opens();
    };
    const running = signIn({ openAddress }).interactive('work', '', controller.signal);
    const url = await shown;
    expect(await isListening(url)).toBe(true);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => isListening(url)).toBe(false);
    expect(world.secrets.values.size).toBe(0);
    expect(grants()).toEqual([]);
  });

  it('is not begun when it was given up before', async () => {
    await expect(interactive(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(world.opened).toEqual([]);
  });

  it.each([
    ['signIn', 65001, 'forbidden', 'consentRequired'],
    ['signIn', 90094, 'forbidden', 'consentRequired'],
    ['signIn', 53003, 'forbidden', 'conditionalAccess'],
    ['token', 65001, 'forbidden', 'consentRequired'],
    ['token', 53003, 'forbidden', 'conditionalAccess'],
    ['token', 50011, 'invalidInput', 'notConfigured'],
    ['token', 50076, 'unauthorized', 'interactionRequired'],
  ] as const)('%s: AADSTS%i is %s, %s, and leaves no trace', async (where, number, code, reason) => {
    world.sandbox.entra.refuse(where, number);
    await expect(interactive()).rejects.toMatchObject({ code, reason });
    expect(world.secrets.values.size).toBe(0);
  });

  it('keeps the former sign-in when a new one fails', async () => {
    await interactive();
    const before = world.secrets.values.get(CACHE);
    world.person = { ...ada(), cancel: true };
    await expect(interactive()).rejects.toMatchObject({ code: 'cancelled' });
    expect(world.secrets.values.get(CACHE)).toBe(before);
  });

  it('says what is missing when the organisation has set no app, or no https', async () => {
    const { organisation } = world.deps;
    const without = signIn({ organisation: { ...organisation, graphClientId: '' } });
    await expect(without.interactive('work', '', signal)).rejects.toMatchObject({ reason: 'notConfigured' });
    const plain = signIn({ organisation: { ...organisation, graphAuthority: 'http://localhost:1' } });
    await expect(plain.interactive('work', '', signal)).rejects.toMatchObject({ reason: 'notConfigured' });
  });

  it('says when the browser can not be opened', async () => {
    const failing = signIn({ openAddress: () => Promise.reject(new Error('no browser')) });
    await expect(failing.interactive('work', '', signal)).rejects.toMatchObject({
      code: 'serverError',
      reason: 'noBrowser',
    });
  });

  it('says when the sign-in service is down or unreachable', async () => {
    const fault = { match: { method: 'POST', path: /token$/ } };
    world.sandbox.entra.fail({ ...fault, status: 503, headers: { 'retry-after': '9' }, body: { error: 'x' } });
    await expect(interactive()).rejects.toMatchObject({ code: 'unavailable', retryAfter: 9_000 });
    world.sandbox.entra.fail({ ...fault, drop: true });
    await expect(interactive()).rejects.toMatchObject({ code: 'network' });
    world.sandbox.entra.fail({ ...fault, status: 200, headers: { 'content-type': 'text/html' }, body: '<p>wall</p>' });
    await expect(interactive()).rejects.toMatchObject({ code: 'badResponse' });
    expect(world.secrets.values.size).toBe(0);
  });
});

describe('signing in with a device code', () => {
  const withCode = (given: AbortSignal, onCode: (code: DeviceCode) => void) =>
    signIn().deviceCode('work', onCode, given);

  it('shows the code, and signs in when it was entered', async () => {
    const started = Date.now();
    const signedIn = await withCode(signal, (code) => {
      expect(code.expiresAt).toBeGreaterThan(started);
      void browse(code.verificationUri, { ...ada(), code: code.userCode });
    });
    expect(signedIn.username).toBe(ada().account);
    expect([...world.secrets.values.keys()]).toEqual([CACHE]);
    expect(await view(signedIn)).toEqual([]);
  });

  it('shows no code where the client id is unknown, and says so', async () => {
    const organisation = { ...world.deps.organisation, graphClientId: 'nobody' };
    const shown: DeviceCode[] = [];
    await expect(
      signIn({ organisation }).deviceCode('work', (code) => void shown.push(code), signal),
    ).rejects.toMatchObject({ code: 'invalidInput', reason: 'notConfigured' });
    expect(shown).toEqual([]);
    expect(grants()).toEqual([]);
  });

  it('goes on when it is told to slow down', async () => {
    world.sandbox.entra.device.slowDown(2);
    const enter = (code: DeviceCode) => void browse(code.verificationUri, { ...ada(), code: code.userCode });
    expect((await withCode(signal, enter)).username).toBe(ada().account);
  });

  it('is cancelled by the person, given up, or too late; without a trace', async () => {
    const refuse = (code: DeviceCode) =>
      void browse(code.verificationUri, { ...ada(), code: code.userCode, cancel: true });
    await expect(withCode(signal, refuse)).rejects.toMatchObject({ code: 'cancelled' });
    const controller = new AbortController();
    await expect(withCode(controller.signal, () => controller.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const late = withCode(signal, () => world.sandbox.entra.device.expire());
    await expect(late).rejects.toMatchObject({ code: 'timeout', reason: 'codeExpired' });
    expect(world.secrets.values.size).toBe(0);
  });
});

describe('reading with a saved sign-in', () => {
  it('asks Graph for the fields it uses, in UTC, with immutable ids, and page by page', async () => {
    const signedIn = await interactive();
    await view(signedIn);
    const [call] = calls('/me/calendarView');
    expect(call?.headers['prefer']).toBe('outlook.timezone="UTC", IdType="ImmutableId"');
    expect(call?.query['$top']).toBe('100');
    expect(call?.query['$select']?.split(',')).not.toContain('body');
    expect(call?.query['startDateTime']).toMatch(/Z$/);
    expect(world.findings()).toEqual([]);
  });

  it('uses the token it has, and writes nothing to the keychain then', async () => {
    const signedIn = await interactive();
    const before = world.secrets.values.get(CACHE);
    await view(signedIn);
    await view(signedIn);
    expect(grants()).toEqual(['authorization_code']);
    expect(world.secrets.values.get(CACHE)).toBe(before);
  });

  it('renews silently, once, when Graph does not take the token any more', async () => {
    const signedIn = await interactive();
    const before = world.secrets.values.get(CACHE);
    world.sandbox.entra.tokens.expireAccessTokens();
    expect(await view(signedIn)).toEqual([]);
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
    expect(world.secrets.values.get(CACHE)).not.toBe(before);
    expect(world.findings()).toEqual([]);
  });

  it('gives up when the renewed token is refused too', async () => {
    const signedIn = await interactive();
    world.sandbox.graph.fail({ status: 401, body: { error: { code: 'x', message: 'x' } }, times: 5 });
    await expect(view(signedIn)).rejects.toMatchObject({ code: 'unauthorized', reason: 'interactionRequired' });
    expect(calls('/me/calendarView')).toHaveLength(2);
  });

  it('answers a claims challenge silently', async () => {
    const signedIn = await interactive();
    const claims = JSON.parse(world.sandbox.entra.challenge()) as object;
    expect(await view(signedIn)).toEqual([]);
    const renewal = calls('/oauth2/v2.0/token').at(-1)?.body as { claims: string };
    expect(JSON.parse(renewal.claims)).toMatchObject(claims);
    expect(await view(signedIn)).toEqual([]);
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });

  it.each([
    ['a challenge that only the person can answer', () => void world.sandbox.entra.challenge({ interactive: true })],
    ['a revoked session', () => world.sandbox.entra.revokeSessions()],
  ])('54: asks for a sign-in after %s', async (_name, happens) => {
    const signedIn = await interactive();
    happens();
    await expect(view(signedIn)).rejects.toMatchObject({ code: 'unauthorized', reason: 'interactionRequired' });
    const again = await interactive();
    expect(await view(again)).toEqual([]);
  });

  it('says when the renewal can not be reached, and works after', async () => {
    const signedIn = await interactive();
    world.sandbox.entra.tokens.expireAccessTokens();
    world.sandbox.entra.fail({ match: { path: /token$/ }, status: 503, headers: { 'retry-after': '3' }, body: {} });
    await expect(view(signedIn)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3_000 });
    expect(await view(signedIn)).toEqual([]);
  });

  it('asks for a sign-in when there is none, it is of somebody else, or it can not be read', async () => {
    const missing = { code: 'unauthorized', reason: 'interactionRequired' };
    const signedIn = await interactive();
    await expect(view({ ...signedIn, homeAccountId: 'somebody.else' })).rejects.toMatchObject(missing);
    world.secrets.values.set(CACHE, 'not a cache');
    await expect(view(signedIn)).rejects.toMatchObject(missing);
    await signIn().signOut('work');
    expect(world.secrets.values.size).toBe(0);
    await expect(view(signedIn)).rejects.toMatchObject(missing);
    expect(calls('/me/calendarView')).toEqual([]);
  });

  it('says when the keychain is locked', async () => {
    const signedIn = await interactive();
    world.secrets.isLocked = true;
    await expect(view(signedIn)).rejects.toMatchObject({ code: 'locked' });
    await expect(interactive()).rejects.toMatchObject({ code: 'locked' });
  });

  it('does not follow a next page to another server, nor without end', async () => {
    const signedIn = await interactive();
    const next = (link: string) =>
      world.sandbox.graph.fail({ status: 200, body: { value: [], '@odata.nextLink': link }, times: 500 });
    next('https://evil.example/v1.0/me/calendarView?$skiptoken=x');
    await expect(view(signedIn)).rejects.toMatchObject({ code: 'badResponse', reason: 'nextLink' });
    world.sandbox.graph.clearFaults();
    next(`${world.sandbox.urls.graph}/me/calendarView?$skiptoken=x`);
    await expect(view(signedIn)).rejects.toMatchObject({ code: 'badResponse', reason: 'tooManyPages' });
  });
});

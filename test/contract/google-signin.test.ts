import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GoogleAuth } from '../../src/adapters/calendar/google/auth.ts';
import { GOOGLE_CALENDAR_SCOPES, GoogleCalendarProvider } from '../../src/adapters/calendar/google/provider.ts';
import { type GoogleSandbox, startGoogle } from '../../src/sandbox/google.ts';
import { type GoogleDesk, googleDesk } from './google-world.ts';

const signal = new AbortController().signal;
const window = { start: Date.parse('2026-01-05T00:00:00Z'), end: Date.parse('2026-01-06T00:00:00Z') };
const SECRET = 'accountsecret/mine';
const CHAT = 'https://www.googleapis.com/auth/chat.users.availability';

let google: GoogleSandbox;
let desk: GoogleDesk;
let auth: GoogleAuth;
let skew = 0;

const signIn = (given = signal, hint = google.known.account, scopes: readonly string[] = GOOGLE_CALENDAR_SCOPES) =>
  auth.signIn('mine', scopes, hint, given);
const token = (given = signal, refused?: string) => auth.accessToken('mine', GOOGLE_CALENDAR_SCOPES, given, refused);
const exchanges = () => google.accounts.journal.exchanges;
const grants = () =>
  exchanges()
    .filter(({ path }) => path === '/oauth2/token')
    .map(({ body }) => (body as { grant_type: string }).grant_type);
const provider = () => new GoogleCalendarProvider({ id: 'mine', username: '', calendars: [] }, desk.deps);
const view = (given = provider()) => given.calendarView(window, 'Europe/Berlin', signal);
const redirectOf = (url: string) => new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
const isListening = (url: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(redirectOf(url).port) }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
/** A sign-in that waits at the browser, with the address that was opened. */
function waiting(given = signal) {
  let show: (url: string) => void = () => undefined;
  const shown = new Promise<string>((resolve) => {
    show = resolve;
  });
  const asking = new GoogleAuth({ ...desk.deps, openAddress: async (url) => show(url) });
  const running = asking.signIn('mine', GOOGLE_CALENDAR_SCOPES, '', given);
  running.catch(() => undefined);
  return { running, shown };
}

beforeAll(async () => {
  google = await startGoogle();
});
beforeEach(() => {
  skew = 0;
  desk = googleDesk(google, google.calendar.url, { now: () => Date.now() + skew });
  auth = new GoogleAuth(desk.deps);
  google.accounts.clearFaults();
  google.accounts.journal.clear();
  google.calendar.clear();
  google.calendar.clearFaults();
  google.calendar.journal.clear();
});
afterAll(() => google.close());

describe('signing in to Google with the browser', () => {
  it('keeps the refresh token, and nothing else, in the keychain', async () => {
    expect(await signIn()).toEqual({ username: google.known.account });
    expect([...desk.secrets.values.keys()]).toEqual([SECRET]);
    expect(desk.secrets.values.get(SECRET)).toMatch(/^google_refresh_/);
    expect(await token()).toMatch(/^google_/);
    expect(grants()).toEqual(['authorization_code']);
  });

  it('asks with PKCE, a state and a nonce, for least privilege, at a loopback address', async () => {
    await signIn();
    const query = new URL(desk.opened[0] ?? '').searchParams;
    expect(query.get('scope')?.split(' ')).toEqual(['openid', 'email', ...GOOGLE_CALENDAR_SCOPES]);
    expect(GOOGLE_CALENDAR_SCOPES.every((scope) => scope.endsWith('.readonly'))).toBe(true);
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(query.get('login_hint')).toBe(google.known.account);
    for (const name of ['state', 'nonce']) expect(query.get(name)?.length).toBeGreaterThan(20);
    expect(redirectOf(desk.opened[0] ?? '').hostname).toBe('127.0.0.1');
    expect(await isListening(desk.opened[0] ?? '')).toBe(false);
  });

  it('offers the choice of accounts where none is known', async () => {
    await signIn(signal, '');
    expect(new URL(desk.opened[0] ?? '').searchParams.get('prompt')).toContain('select_account');
  });

  it('is the same for the scopes of another service', async () => {
    await auth.signIn('chat', [CHAT], google.known.account, signal);
    expect(await auth.accessToken('chat', [CHAT], signal)).toMatch(/^google_/);
    await expect(auth.accessToken('chat', GOOGLE_CALENDAR_SCOPES, signal)).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'scopesMissing',
    });
  });

  it('is cancelled by the person, and leaves no trace', async () => {
    desk.person = { ...desk.person, cancel: true };
    await expect(signIn()).rejects.toMatchObject({ code: 'cancelled' });
    expect(desk.secrets.values.size).toBe(0);
    expect(await isListening(desk.opened[0] ?? '')).toBe(false);
  });

  it('is given up: at once, with the port closed and no trace', async () => {
    const controller = new AbortController();
    const { running, shown } = waiting(controller.signal);
    const url = await shown;
    expect(await isListening(url)).toBe(true);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => isListening(url)).toBe(false);
    await expect(signIn(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(desk.secrets.values.size).toBe(0);
    expect(grants()).toEqual([]);
  });

  it('waits past calls of others: another state, path, name or method', async () => {
    const { running, shown } = waiting();
    const url = await shown;
    const state = new URL(url).searchParams.get('state') ?? '';
    const back = redirectOf(url);
    const strange = async (path: string, init: RequestInit = {}, host = '127.0.0.1') =>
      (await fetch(`http://${host}:${back.port}${path}`, init)).status;
    expect(await strange('/?code=stolen&state=other')).toBe(404);
    expect(await strange(`/elsewhere?code=x&state=${state}`)).toBe(404);
    expect(await strange(`/?code=x&state=${state}`, { method: 'POST' })).toBe(404);
    expect(grants()).toEqual([]);
    const answer = await fetch(`${back.origin}/?error=access_denied&state=${state}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('did not work');
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says so when the person left out a box, and keeps the former sign-in', async () => {
    await signIn();
    const before = desk.secrets.values.get(SECRET);
    google.accounts.refuseScope(GOOGLE_CALENDAR_SCOPES[0]);
    await expect(signIn()).rejects.toMatchObject({ code: 'forbidden', reason: 'scopesMissing' });
    expect(desk.secrets.values.get(SECRET)).toBe(before);
  });

  it.each([
    [{ error: 'admin_policy_enforced' }, 'forbidden', 'consentRequired'],
    [{ error: 'invalid_client' }, 'invalidInput', 'notConfigured'],
    [{ error: 'invalid_grant' }, 'unauthorized', 'interactionRequired'],
    [{ error: 'something_new' }, 'serverError', 'unexpected'],
  ] as const)('%o is %s, %s', async (body, code, reason) => {
    google.accounts.fail({ match: { path: /token$/ }, status: 400, body });
    await expect(signIn()).rejects.toMatchObject({ code, reason });
    expect(desk.secrets.values.size).toBe(0);
  });

  it('says when the service is down, unreachable or something else', async () => {
    const match = { path: /token$/ };
    google.accounts.fail({ match, status: 503, headers: { 'retry-after': '9' }, body: '' });
    await expect(signIn()).rejects.toMatchObject({ code: 'unavailable', retryAfter: 9_000 });
    google.accounts.fail({ match, drop: true });
    await expect(signIn()).rejects.toMatchObject({ code: 'network' });
    google.accounts.fail({ match, status: 200, headers: { 'content-type': 'text/html' }, body: '<p>wall</p>' });
    await expect(signIn()).rejects.toMatchObject({ code: 'badResponse' });
    expect(desk.secrets.values.size).toBe(0);
  });

  it('says what is not set up: no client, no https, no browser, a locked keychain', async () => {
    const { organisation } = desk.deps;
    const with_ = (more: Partial<typeof desk.deps>) =>
      new GoogleAuth({ ...desk.deps, ...more }).signIn('mine', GOOGLE_CALENDAR_SCOPES, '', signal);
    await expect(with_({ organisation: { ...organisation, googleClientId: '' } })).rejects.toMatchObject({
      reason: 'notConfigured',
    });
    await expect(
      with_({ organisation: { ...organisation, googleAccountsUrl: 'http://localhost:1' } }),
    ).rejects.toMatchObject({ reason: 'notConfigured' });
    await expect(with_({ openAddress: () => Promise.reject(new Error('none')) })).rejects.toMatchObject({
      reason: 'noBrowser',
    });
    desk.secrets.isLocked = true;
    await expect(signIn()).rejects.toMatchObject({ code: 'locked' });
  });
});

describe('a saved sign-in with Google', () => {
  it('gives the token it has, renews it before its end, and only once for many who ask', async () => {
    await signIn();
    const first = await token();
    expect(await token()).toBe(first);
    expect(grants()).toEqual(['authorization_code']);
    skew = 3_600_000 - 30_000;
    const next = await Promise.all([token(), token(), token()]);
    expect(new Set(next).size).toBe(1);
    expect(next[0]).not.toBe(first);
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });

  it('is not ended for all by one who gives up', async () => {
    await signIn();
    skew = 3_600_000;
    const controller = new AbortController();
    const [given, kept] = [token(controller.signal), token()];
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    expect(await kept).toMatch(/^google_/);
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });

  it('keeps a refresh token that was replaced', async () => {
    await signIn();
    const before = desk.secrets.values.get(SECRET);
    google.accounts.rotateRefreshTokens();
    await auth.accessToken('mine', GOOGLE_CALENDAR_SCOPES, signal, await token());
    expect(desk.secrets.values.get(SECRET)).not.toBe(before);
    expect(await auth.accessToken('mine', GOOGLE_CALENDAR_SCOPES, signal, await token())).toMatch(/^google_/);
  });

  it('renews once when the API does not take the token any more, however many calendars ask', async () => {
    await signIn();
    google.calendar.addCalendar('team@group.example', 'Team');
    const both = new GoogleCalendarProvider(
      { id: 'mine', username: '', calendars: ['primary', 'team@group.example'] },
      desk.deps,
    );
    expect(await view(both)).toEqual([]);
    google.accounts.expireAccessTokens();
    expect(await view(both)).toEqual([]);
    expect(grants()).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
  });

  it('gives up when the renewed token is refused too', async () => {
    await signIn();
    google.calendar.fail({ status: 401, body: {}, times: 5 });
    await expect(view()).rejects.toMatchObject({ code: 'unauthorized', reason: 'interactionRequired' });
    expect(google.calendar.journal.exchanges).toHaveLength(2);
  });

  it('54: asks for a sign-in when it was revoked, is missing, or was signed out', async () => {
    const again = { code: 'unauthorized', reason: 'interactionRequired' };
    await signIn();
    google.accounts.revokeAll();
    await expect(view()).rejects.toMatchObject(again);
    await signIn();
    expect(await view()).toEqual([]);
    await auth.signOut('mine');
    expect(desk.secrets.values.size).toBe(0);
    await expect(token()).rejects.toMatchObject(again);
    await expect(view()).rejects.toMatchObject(again);
  });

  it('says when the renewal can not be reached, and works after', async () => {
    await signIn();
    const mine = provider();
    google.accounts.fail({ match: { path: /token$/ }, status: 503, headers: { 'retry-after': '3' }, body: '' });
    await expect(view(mine)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3_000 });
    expect(await view(mine)).toEqual([]);
  });
});

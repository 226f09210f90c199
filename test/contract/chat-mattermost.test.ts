import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatReading, Presence } from '../../src/core/presence.ts';
import { chatContract } from './chat-contract.ts';
import { EMAIL, ID, type MattermostWorld, openMattermost, PASSWORD, TOKEN } from './mattermost-world.ts';

chatContract('Mattermost, with a token', () => openMattermost('token'));
chatContract('Mattermost, with a password', () => openMattermost('password'));

describe('Mattermost, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: MattermostWorld;
  const until = Date.parse('2026-01-05T10:00:30.001Z');
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until };
  const read = () => world.provider.read(signal);
  const write = (presence: Presence, basis: ChatReading, stateUntil?: number) =>
    world.provider.write({ presence, ...(stateUntil === undefined ? {} : { stateUntil }) }, basis, signal);
  const written = () =>
    world.journal.exchanges
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path, body }) => [method, path.replace(`/api/v4/users/${ID}`, ''), body]);

  beforeEach(async () => {
    world = await openMattermost('token');
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes text, emoji and end in one call and the state in another, under the id and not "me"', async () => {
    await write(meeting, await read(), until);
    expect(written()).toEqual([
      [
        'PUT',
        '/status/custom',
        { emoji: 'calendar', text: 'In a meeting', duration: 'date_and_time', expires_at: '2026-01-05T10:00:30.001Z' },
      ],
      ['PUT', '/status', { user_id: ID, status: 'dnd', dnd_end_time: Date.parse('2026-01-05T10:01:00Z') / 1_000 }],
    ]);
  });

  it('tells another end, and nothing where nothing changed', async () => {
    await write(meeting, await read(), until);
    const during = await read();
    await write({ ...meeting, until: during.presence.until }, during, until);
    expect(written()).toHaveLength(2);
    await write({ ...meeting, until: during.presence.until }, during, until + 600_000);
    expect(written()).toHaveLength(3);
    expect(world.server.status().dnd_end_time).toBe(Date.parse('2026-01-05T10:11:00Z') / 1_000);
  });

  it('hands an idle person back as online, which is not manual, and leaves them idle for a text (edge case 65)', async () => {
    world.server.setStatus('away', false);
    const idle = await read();
    expect(idle).toMatchObject({ presence: { state: 'away' }, isAutomatic: true });
    await write({ ...meeting, state: 'away' }, idle);
    expect(world.server.status()).toMatchObject({ status: 'away', manual: false });
    await write({ ...meeting, state: 'dnd' }, idle, until);
    await write({ ...idle.presence, state: 'available' }, await read());
    expect(world.server.status()).toMatchObject({ status: 'online', manual: false });
  });

  it('says what was there before a do not disturb ran out as nobody’s word', async () => {
    world.server.setStatus('away');
    expect((await read()).isAutomatic).toBe(false);
    await write(meeting, await read(), until);
    world.pass(90 * 60_000);
    expect(await read()).toMatchObject({ presence: { state: 'away', text: '', until: null }, isAutomatic: true });
  });

  it('leaves people alone who are out of office: another status would switch off their automatic replies', async () => {
    world.server.setStatus('ooo');
    const basis = await read();
    expect(basis.presence.state).toBe('offline');
    await expect(write(meeting, basis)).rejects.toMatchObject({ code: 'conflict', reason: 'offline' });
    expect(world.server.status().status).toBe('ooo');
  });

  it('keeps to the state where custom statuses are switched off', async () => {
    world.server.setCustomStatus({ text: 'of long ago' });
    world.server.configure({ customStatuses: false });
    const basis = await read();
    expect(world.provider.capabilities).toMatchObject({ states: ['available', 'dnd', 'away'], textLimit: 0 });
    expect(world.provider.capabilities).toMatchObject({ emoji: false, expires: false, stateExpires: true });
    expect(basis.presence).toMatchObject({ text: '', emoji: '', until: null });
    await write(meeting, basis, until);
    expect(written().map(([, path]) => path)).toEqual(['/status']);
    expect(world.server.status().status).toBe('dnd');
  });

  it('says that custom statuses were switched off meanwhile, before anything is written, and goes on without', async () => {
    const basis = await read();
    world.server.configure({ customStatuses: false });
    const refused = write(meeting, basis, until);
    await expect(refused).rejects.toMatchObject({ code: 'conflict', reason: 'customStatusOff', retryAfter: 1_000 });
    await expect(refused).rejects.toThrow('HipStatus sets only online, away and do not disturb there');
    expect(world.server.status().status).toBe('online');
    expect(world.provider.capabilities.textLimit).toBe(0);
    await write(meeting, await read(), until);
    expect(world.server.status().status).toBe('dnd');
  });

  it('learns within the hour that custom statuses are on again', async () => {
    world.server.configure({ customStatuses: false });
    await read();
    world.server.configure({ customStatuses: true });
    world.pass(59 * 60_000);
    await read();
    expect(world.provider.capabilities.textLimit).toBe(0);
    world.pass(60_000);
    await read();
    expect(world.provider.capabilities.textLimit).toBe(100);
  });

  it('is a chat of texts alone where the server shows no statuses', async () => {
    world.server.configure({ userStatuses: false });
    const basis = await read();
    expect(world.provider.capabilities).toMatchObject({ states: [], textLimit: 100, stateExpires: false });
    expect(basis.presence.state).toBe('available');
    await write({ ...meeting, state: 'available' }, basis);
    expect(written().map(([, path]) => path)).toEqual(['/status/custom']);
  });

  it('cuts a text to the hundred code points that the server keeps, and tears nothing', async () => {
    const text = '👩‍👩‍👧‍👦'.repeat(20);
    await write({ ...meeting, text }, await read());
    expect((await read()).presence.text).toBe('👩‍👩‍👧‍👦'.repeat(14));
  });

  it('reads again for a basis it did not make, and refuses when that no longer holds', async () => {
    const foreign = structuredClone(await read());
    await write(meeting, foreign, until);
    expect(world.server.status().status).toBe('dnd');
    await expect(write(meeting, foreign)).rejects.toMatchObject({ code: 'conflict', reason: 'changed' });
  });

  it('tells what to do about a refused token', async () => {
    world.server.rejectSignIns();
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'tokenRefused' });
    await expect(read()).rejects.toThrow('Make a new one in Mattermost under Profile, Security');
  });

  it('names a missing permission and a second factor', async () => {
    const body = (id: string) => ({ id, message: `secret ${TOKEN}`, status_code: 403 });
    const basis = await read();
    world.server.fail({ status: 403, body: body('api.context.permissions.app_error') });
    await expect(write(meeting, basis)).rejects.toMatchObject({ code: 'forbidden', reason: 'noPermission' });
    world.server.fail({ status: 403, body: body('api.context.mfa_required.app_error') });
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'mfaRequired' });
    world.server.fail({ status: 403, body: '<html>no</html>', headers: { 'content-type': 'text/html' } });
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: null });
  });

  describe('with a password', () => {
    beforeEach(async () => {
      await world.close();
      world = await openMattermost('password');
    });

    it('signs in once, and once more when the session has ended', async () => {
      await read();
      await write(meeting, await read(), until);
      expect(world.server.signIns()).toBe(1);
      world.server.endSessions();
      const during = await read();
      expect(during.presence.text).toBe('In a meeting');
      world.server.endSessions();
      await write({ ...meeting, state: 'available', text: '', emoji: '' }, during);
      expect(world.server.status().status).toBe('online');
      expect(world.server.signIns()).toBe(3);
    });

    it('does not try a refused password again, which would lock the account, until there is another', async () => {
      world.signIn = { kind: 'password', username: 'ada', password: 'wrong' };
      for (let tries = 0; tries < 12; tries += 1) {
        await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'passwordRefused' });
      }
      expect(world.server.signIns()).toBe(1);
      world.signIn = { kind: 'password', username: 'ada', password: PASSWORD };
      expect((await read()).presence.state).toBe('available');
    });

    it('says when the account is locked, and when a second factor is asked for', async () => {
      for (let tries = 0; tries < 10; tries += 1) {
        world.signIn = { kind: 'password', username: 'ada', password: `wrong ${tries}` };
        await expect(read()).rejects.toMatchObject({ reason: 'passwordRefused' });
      }
      world.signIn = { kind: 'password', username: 'ada', password: PASSWORD };
      await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'accountLocked' });
      world.server.fail({ status: 401, body: { id: 'mfa.validate_token.authenticate.app_error' } });
      world.signIn = { kind: 'password', username: EMAIL, password: PASSWORD };
      await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'mfaRequired' });
    });

    it('gives up when each new session is refused at once', async () => {
      await read();
      world.server.endSessions();
      world.server.fail({
        match: { method: 'GET' },
        status: 401,
        body: { id: 'api.context.session_expired' },
        times: 2,
      });
      await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'sessionEnded' });
      expect((await read()).presence.state).toBe('available');
    });

    it('keeps neither password nor session in the journal', async () => {
      await read();
      expect(JSON.stringify(world.journal.exchanges)).not.toMatch(/correct horse|session-\d/);
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/core/presence.ts';
import { EMAIL, openSlackWithDnd, type SlackWorld, TOKEN } from './slack-world.ts';

describe('Slack, do not disturb', () => {
  const signal = new AbortController().signal;
  const MINUTE = 60_000;
  let world: SlackWorld;
  const start = Date.parse('2026-01-05T09:00:00Z');
  const until = start + 90 * MINUTE + 1;
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until };
  const read = () => world.provider.read(signal);
  const calls = () => world.journal.exchanges.map(({ path }) => path.replace('/api/', ''));
  const dndCalls = () =>
    world.journal.exchanges
      .filter(({ path, service }) => service === 'slack' && /dnd\.(set|end)/.test(path))
      .map(({ path, body }) => [path.replace('/api/', ''), body]);

  beforeEach(async () => {
    world = await openSlackWithDnd();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('reads status, presence and pause at once', async () => {
    await read();
    expect(calls().sort()).toEqual(['dnd.info', 'users.getPresence', 'users.profile.get']);
    expect(world.provider.capabilities).toMatchObject({ states: ['available', 'away', 'dnd'], stateExpires: true });
  });

  it('pauses notifications until the end, which comes by itself and not early', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    expect(dndCalls()).toEqual([['dnd.setSnooze', { num_minutes: '91' }]]);
    world.pass(90 * MINUTE);
    expect(await read()).toMatchObject({ presence: { state: 'dnd' }, isAutomatic: false });
    world.pass(MINUTE);
    expect((await read()).presence).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });

  it('tells another end of the same meeting', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    await world.provider.write({ presence: meeting, stateUntil: until + 30 * MINUTE }, await read(), signal);
    expect(dndCalls().map(([, body]) => body)).toEqual([{ num_minutes: '91' }, { num_minutes: '121' }]);
  });

  it('ends the pause at the end, and leaves a person away who was', async () => {
    await world.personSets({ state: 'away', text: '', emoji: '' });
    const before = await read();
    await world.provider.write({ presence: meeting, stateUntil: until }, before, signal);
    const during = await read();
    expect(during.presence.state).toBe('dnd');
    expect(await world.server.presence()).toBe('away');
    await world.provider.write({ presence: before.presence }, during, signal);
    expect((await read()).presence).toEqual(before.presence);
    expect(calls().filter((call) => call === 'users.setPresence')).toEqual([]);
  });

  it('takes the regular quiet hours as automatic, and a pause in them as the word of the person', async () => {
    world.server.dnd.setSchedule({ start: start - 60 * MINUTE, end: start + 60 * MINUTE });
    const quiet = await read();
    expect(quiet).toMatchObject({ presence: { state: 'dnd' }, isAutomatic: true });
    // What the engine asks for when it hands back: nothing is paused, so nothing is ended.
    await world.provider.write({ presence: { ...quiet.presence, state: 'available' } }, quiet, signal);
    expect(dndCalls()).toEqual([]);
    world.server.dnd.snooze(30);
    expect(await read()).toMatchObject({ presence: { state: 'dnd' }, isAutomatic: false });
    world.pass(61 * MINUTE);
    expect(await read()).toMatchObject({ presence: { state: 'available' }, isAutomatic: false });
  });

  it('takes quiet hours that are still to come as none', async () => {
    world.server.dnd.setSchedule({ start: start + 60 * MINUTE, end: start + 600 * MINUTE });
    expect((await read()).presence.state).toBe('available');
  });

  it('is content when the pause has ended just before', async () => {
    const before = await read();
    await world.provider.write({ presence: meeting, stateUntil: until }, before, signal);
    const during = await read();
    world.server.dnd.snooze(null);
    await world.provider.write({ presence: before.presence }, during, signal);
    expect((await read()).presence).toEqual(before.presence);
  });

  it('pauses for as long as Slack allows when the meeting is longer', async () => {
    const basis = await read();
    world.server.fail({
      match: { path: '/api/dnd.setSnooze' },
      status: 200,
      body: { ok: false, error: 'too_long' },
    });
    const stateUntil = start + 3 * 24 * 60 * MINUTE;
    await world.provider.write({ presence: meeting, stateUntil }, basis, signal);
    expect(dndCalls().map(([, body]) => body)).toEqual([{ num_minutes: '4320' }, { num_minutes: '1440' }]);
  });

  it('asks a token without the permission once only, and does all the rest', async () => {
    await world.secrets.set({ kind: 'slacktoken', account: EMAIL }, 'xoxp-of-old');
    const before = await read();
    await world.provider.write({ presence: meeting, stateUntil: until }, before, signal);
    expect((await read()).presence).toMatchObject({ state: 'available', text: 'In a meeting' });
    expect(calls().filter((call) => call.startsWith('dnd.'))).toEqual(['dnd.info']);
    expect(world.provider.capabilities).toMatchObject({ states: ['available', 'away'], stateExpires: false });
    // A better token is tried again.
    await world.secrets.set({ kind: 'slacktoken', account: EMAIL }, TOKEN);
    await read();
    expect(world.provider.capabilities.states).toContain('dnd');
  });

  it('sets the text where the pause may be read but not set', async () => {
    await world.secrets.set({ kind: 'slacktoken', account: EMAIL }, 'xoxp-reader');
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    expect((await read()).presence).toMatchObject({ state: 'available', text: 'In a meeting' });
    expect(world.provider.capabilities.states).not.toContain('dnd');
    world.server.dnd.snooze(30);
    expect((await read()).presence.state).toBe('dnd');
  });

  it.each([
    ['token_revoked', 'unauthorized', 'Enter a new one'],
    ['account_inactive', 'unauthorized', 'deactivated'],
    ['enterprise_is_restricted', 'forbidden', 'administrator'],
    ['not_allowed_token_type', 'forbidden', 'user token'],
  ])('%s is %s and says what to do', async (error, code, words) => {
    world.server.fail({ match: { path: '/api/users.profile.get' }, status: 200, body: { ok: false, error } });
    await expect(read()).rejects.toMatchObject({ code, reason: error, message: expect.stringContaining(words) });
  });
});

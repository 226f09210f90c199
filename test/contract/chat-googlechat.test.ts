import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/core/presence.ts';
import { chatContract } from './chat-contract.ts';
import { type GoogleWorld, openGoogleChat, TOKEN } from './googlechat-world.ts';

const MINUTE = 60_000;

chatContract('Google Chat', openGoogleChat);

describe('Google Chat, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  const until = Date.parse('2026-01-05T10:30:00.001Z');
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until };
  let world: GoogleWorld;
  const read = () => world.provider.read(signal);
  const sent = () =>
    world.journal.exchanges
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path, query, body }) => [method, path.replace('/v1/users/me/availability', ''), query, body]);

  beforeEach(async () => {
    world = await openGoogleChat();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes "do not disturb" and the status, each with its end', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    const expireTime = '2026-01-05T10:30:00.001Z';
    const customStatus = { text: 'In a meeting', emoji: { unicode: '📅' }, expireTime };
    expect(sent()).toEqual([
      ['POST', ':markAsDoNotDisturb', {}, { expireTime }],
      ['PATCH', '', { updateMask: 'customStatus' }, { customStatus }],
    ]);
    expect((await read()).presence).toEqual({ ...meeting, emoji: '📅' });
  });

  it('ends by itself, and what follows is automatic and handed back', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    world.pass(91 * MINUTE);
    const after = await read();
    expect(after).toMatchObject({ presence: { state: 'away', text: '', until: null }, isAutomatic: true });
    await world.provider.write({ presence: { ...after.presence, state: 'available' } }, after, signal);
    expect(sent().at(-1)).toEqual(['POST', ':markAsActive', {}, { ttl: '60s' }]);
    expect(world.server.shown().state).toBe('ACTIVE');
    // No sticky "online": a minute later it is as the person does.
    world.pass(MINUTE);
    expect(world.server.shown().state).toBe('AWAY');
  });

  it('tells another end of the same state, and none of "away"', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    await world.provider.write({ presence: meeting, stateUntil: until + MINUTE }, await read(), signal);
    expect(sent().filter(([, call]) => call === ':markAsDoNotDisturb')).toHaveLength(2);
    const away: Presence = { ...meeting, state: 'away' };
    await world.provider.write({ presence: away, stateUntil: until }, await read(), signal);
    await world.provider.write({ presence: away, stateUntil: until + MINUTE }, await read(), signal);
    expect(sent().filter(([, call]) => call === ':markAsAway')).toEqual([['POST', ':markAsAway', {}, undefined]]);
  });

  it.each(['IDLE', 'AWAY'] as const)('takes %s as idling (edge case 65)', async (activity) => {
    world.server.setActivity(activity);
    expect(await read()).toMatchObject({ presence: { state: 'away' }, isAutomatic: true });
  });

  it('takes "away" as the word of the person while a state of ours hides idling', async () => {
    await world.provider.write({ presence: { ...meeting, state: 'away' } }, await read(), signal);
    expect((await read()).isAutomatic).toBe(false);
    world.server.setState('ACTIVE');
    await read();
    world.server.setActivity('AWAY');
    expect((await read()).isAutomatic).toBe(true);
  });

  it('writes nothing when nothing changes', async () => {
    world.server.setStatus('Lunch', '🍕', until);
    const before = await read();
    await world.provider.write({ presence: before.presence }, before, signal);
    expect(sent()).toEqual([]);
  });

  it('renews the token once when it is refused', async () => {
    world.rejectToken();
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'interactionRequired' });
    expect(world.wishes).toEqual([{}, { forceRefresh: true }]);
  });

  it('names a missing permission, an API that is off and what the administrator forbids', async () => {
    world.token = 'ya29.blind';
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: 'consentRequired' });
    world.token = 'ya29.reader';
    const write = world.provider.write({ presence: meeting }, await read(), signal);
    await expect(write).rejects.toMatchObject({ code: 'forbidden', reason: 'consentRequired' });
    world.token = TOKEN;
    world.server.fail({
      status: 403,
      body: { error: { code: 403, message: 'Secret plans', status: 'PERMISSION_DENIED' } },
    });
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: 'notAllowed' });
    world.server.fail({ status: 403, headers: { 'content-type': 'text/html' }, body: '<p>Secret plans' });
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: 'notAllowed' });
    world.server.fail({ status: 404, body: '' });
    await expect(read()).rejects.toMatchObject({ code: 'notFound', reason: 'noChat' });
    world.server.disable();
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: 'serviceDisabled' });
  });
});

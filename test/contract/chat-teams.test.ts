import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/core/presence.ts';
import { ADA } from '../../src/sandbox/index.ts';
import { chatContract } from './chat-contract.ts';
import { openTeams, type TeamsWorld } from './teams-world.ts';

const MINUTE = 60_000;

chatContract('Microsoft Teams', openTeams);

describe('Microsoft Teams, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: TeamsWorld;
  const until = Date.parse('2026-01-05T10:30:00.001Z');
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: '', until };
  const own = { availability: 'Available', activity: 'Available' };
  const read = () => world.provider.read(signal);
  const sent = () =>
    world.journal.exchanges
      .filter(({ method }) => method === 'POST')
      .map(({ path, body }) => [path.replace('/v1.0/me/presence/', ''), body]);

  beforeEach(async () => {
    world = await openTeams();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes the state and the message, each with its end', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    const preferred = { availability: 'DoNotDisturb', activity: 'DoNotDisturb', expirationDuration: 'PT1H30M1S' };
    const message = { content: 'In a meeting', contentType: 'text' };
    const expiryDateTime = { dateTime: '2026-01-05T10:30:00.001', timeZone: 'UTC' };
    expect(sent()).toEqual([
      ['setUserPreferredPresence', preferred],
      ['setStatusMessage', { statusMessage: { message, expiryDateTime } }],
    ]);
  });

  it('ends both by itself, even if nobody comes back to take them away', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    world.pass(90 * MINUTE);
    expect((await read()).presence).toEqual({ ...meeting, until });
    world.pass(1_001);
    expect((await read()).presence).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });

  it('tells another end of the same state', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    const later = { ...meeting, until: until + 30 * MINUTE };
    await world.provider.write({ presence: later, stateUntil: until + 30 * MINUTE }, await read(), signal);
    world.pass(110 * MINUTE);
    expect((await read()).presence).toMatchObject({ state: 'dnd', text: 'In a meeting' });
  });

  it('writes nothing when nothing changes', async () => {
    const before = await read();
    await world.provider.write({ presence: before.presence }, before, signal);
    await world.provider.write({ profileTimeZone: 'UTC' }, before, signal);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['Busy', 'InACall', 'busy'],
    ['Busy', 'InAMeeting', 'busy'],
    ['DoNotDisturb', 'Presenting', 'dnd'],
    ['Away', 'Away', 'away'],
    ['Away', 'OutOfOffice', 'away'],
  ])(
    'takes %s, %s as the word of Teams and hands back to it (edge cases 59 and 65)',
    async (availability, activity, state) => {
      world.server.presence.setSession({ availability, activity });
      const before = await read();
      expect(before).toMatchObject({ presence: { state }, isAutomatic: true });
      const other = state === 'busy' ? 'dnd' : 'busy';
      await world.provider.write({ presence: { ...meeting, state: other }, stateUntil: until }, before, signal);
      const during = await read();
      expect(during).toMatchObject({ presence: { state: other }, isAutomatic: false });
      // What the engine asks for then.
      await world.provider.write({ presence: { ...before.presence, state: 'available' } }, during, signal);
      expect(world.server.presence.shown()).toMatchObject({ availability, activity });
      world.server.presence.setSession(own);
      expect((await read()).presence.state).toBe('available');
    },
  );

  it('takes "away" as the word of the person while a state of ours hides idling', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    world.server.presence.setPreferred({ availability: 'Away', activity: 'Away' });
    expect((await read()).isAutomatic).toBe(false);
    world.pass(91 * MINUTE);
    expect((await read()).isAutomatic).toBe(true);
  });

  it('keeps what Teams itself puts into the text', async () => {
    world.server.presence.setMessage('Lunch<pinnednote></pinnednote>', until);
    const before = await read();
    await world.provider.write({ presence: meeting }, before, signal);
    await world.provider.write({ presence: before.presence }, await read(), signal);
    expect(world.server.presence.shown()).toMatchObject({ content: 'Lunch<pinnednote></pinnednote>', until });
  });

  it('renews the token once when it is refused, and says what to do when that does not help', async () => {
    world.rejectToken();
    const error = { code: 'unauthorized', reason: 'interactionRequired' };
    await expect(read()).rejects.toMatchObject(error);
    expect(world.wishes).toEqual([{}, { forceRefresh: true }]);
  });

  it('answers a claims challenge', async () => {
    world.tokens.challenge(ADA, false);
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized' });
    const [, wish] = world.wishes;
    expect(JSON.parse(wish?.claims ?? '')).toMatchObject({ access_token: expect.anything() });
  });

  it('names the missing permission', async () => {
    await world.useScopes(['User.Read']);
    const error = {
      code: 'forbidden',
      reason: 'consentRequired',
      message: expect.stringContaining('Presence.ReadWrite'),
    };
    await expect(read()).rejects.toMatchObject(error);
    await world.useScopes(['Presence.Read']);
    await expect(world.provider.write({ presence: meeting }, await read(), signal)).rejects.toMatchObject(error);
    expect(world.landed()).toBe(0);
  });

  it('says that an account has no presence', async () => {
    world.server.fail({ status: 404, body: { error: { code: 'NotFound', message: 'Secret plans' } } });
    await expect(read()).rejects.toMatchObject({ code: 'notFound', reason: 'noTeams' });
  });

  it('asks nothing for a personal account, for which there is no presence', async () => {
    const personal = await openTeams({ ...ADA, tenantId: '9188040d-6c67-4c5b-b112-36a304b66dad' });
    const error = { code: 'forbidden', reason: 'personalAccount' };
    await expect(personal.provider.read(signal)).rejects.toMatchObject(error);
    expect(personal.journal.exchanges).toEqual([]);
    await personal.close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/core/presence.ts';
import { chatContract } from './chat-contract.ts';
import { EMAIL, isWrite, openSlack, openSlackWithDnd, type SlackWorld } from './slack-world.ts';

chatContract('Slack', openSlack);
chatContract('Slack with do not disturb', openSlackWithDnd);

describe('Slack, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: SlackWorld;
  const until = Date.parse('2026-01-05T10:00:00.001Z');
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: 'calendar', until };
  const sent = () =>
    world.journal.exchanges
      .filter(({ path }) => isWrite(path))
      .map(({ path, body }) => {
        const { profile, ...rest } = body as { profile?: string };
        return [path.replace('/api/', ''), profile === undefined ? rest : JSON.parse(profile)];
      });

  beforeEach(async () => {
    world = await openSlack();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes text, emoji and end in one call, and leaves the presence to Slack', async () => {
    await world.provider.write({ presence: meeting }, await world.provider.read(signal), signal);
    const profile = {
      status_text: 'In a meeting',
      status_emoji: ':calendar:',
      status_expiration: Math.ceil(until / 1_000),
    };
    expect(sent()).toEqual([['users.profile.set', profile]]);
  });

  it('sets the presence only when it changes, and hands it back as auto', async () => {
    const { provider } = world;
    const before = await provider.read(signal);
    await provider.write({ presence: { ...before.presence, state: 'away' } }, before, signal);
    const during = await provider.read(signal);
    await provider.write({ presence: during.presence }, during, signal);
    await provider.write({ presence: before.presence }, during, signal);
    expect(sent()).toEqual([
      ['users.setPresence', { presence: 'away' }],
      ['users.setPresence', { presence: 'auto' }],
    ]);
    expect(await world.server.presence()).toBe('auto');
  });

  it('sets the status without an emoji that the workspace does not have', async () => {
    world.server.fail({
      match: { path: '/api/users.profile.set' },
      status: 200,
      body: { ok: false, error: 'profile_status_set_failed_not_valid_emoji' },
    });
    await world.provider.write({ presence: meeting }, await world.provider.read(signal), signal);
    expect(await world.server.status()).toMatchObject({ status_text: 'In a meeting', status_emoji: '' });
    expect(sent()).toHaveLength(2);
  });

  it('names a missing token, an unknown one and a missing scope', async () => {
    const { provider, secrets } = world;
    const name = { kind: 'slacktoken', account: EMAIL } as const;
    await secrets.set(name, 'xoxp-blind');
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'forbidden', reason: 'missing_scope' });
    await secrets.set(name, 'xoxp-unknown');
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'unauthorized', reason: 'invalid_auth' });
    await secrets.delete(name);
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
  });

  it('takes a page in place of an answer as no answer of Slack', async () => {
    const page = '<html><title>Sign in to the Wi-Fi</title></html>';
    world.server.fail({ status: 200, headers: { 'content-type': 'text/html' }, body: page, times: 3 });
    const error = await world.provider.read(signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'badResponse', reason: 'signInPage' });
    expect(String(error)).not.toContain('Wi-Fi');
  });
});

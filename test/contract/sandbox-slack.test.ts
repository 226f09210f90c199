import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { judge, loadContracts } from './specs.ts';

const contracts = loadContracts();
const START = Date.UTC(2026, 0, 5, 9);

let sandbox: Sandbox;
let clock = START;
const tokens = ['xoxp-ada', 'xoxp-poor', 'xoxp-late'];

beforeAll(async () => {
  sandbox = await startSandbox({
    now: () => clock,
    slack: {
      user: { name: 'ada', realName: 'Ada Lovelace', email: 'ada@contoso.example' },
      tokens: [{ token: 'xoxp-ada' }, { token: 'xoxp-poor', scopes: ['users:read'] }, { token: 'xoxp-late' }],
    },
  });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  clock = START;
  sandbox.slack.clearFaults();
  for (const token of tokens) sandbox.slack.addToken(token);
  await sandbox.slack.setStatus('', '');
  await sandbox.slack.setPresence('auto');
  sandbox.clearExchanges();
});
afterEach(() => {
  expect(sandbox.exchanges.length).toBeGreaterThan(0);
  expect(judge(contracts, sandbox.exchanges)).toEqual([]);
});

const client = (token = 'xoxp-ada') =>
  new WebClient(token, {
    slackApiUrl: sandbox.urls.slack,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });

describe('Slack, through the proxy, with its own SDK', () => {
  it('says who the token belongs to', async () => {
    expect(await client().auth.test()).toMatchObject({ ok: true, user: 'ada' });
  });

  it('keeps a status and its end', async () => {
    const profile = { status_text: 'In a meeting', status_emoji: ':calendar:', status_expiration: START / 1000 + 60 };
    await client().users.profile.set({ profile });
    expect((await client().users.profile.get({})).profile).toMatchObject(profile);
    expect(await sandbox.slack.status()).toEqual(profile);
  });

  it('clears a status whose time is over', async () => {
    await sandbox.slack.setStatus('In a meeting', ':calendar:', START / 1000 + 60);
    clock += 60_000;
    expect((await client().users.profile.get({})).profile).toMatchObject({ status_text: '', status_expiration: 0 });
  });

  it('keeps the presence, whoever set it', async () => {
    await client().users.setPresence({ presence: 'away' });
    expect(await sandbox.slack.presence()).toBe('away');
    await sandbox.slack.setPresence('auto');
    expect(await client().users.getPresence({})).toMatchObject({ manual_away: false });
  });

  it('refuses tokens it does not know, revoked ones and those without the scope', async () => {
    await expect(client('xoxp-invented').auth.test()).rejects.toThrow('invalid_auth');
    sandbox.slack.revokeToken('xoxp-late');
    await expect(client('xoxp-late').users.profile.get({})).rejects.toThrow('token_revoked');
    await expect(client('xoxp-poor').users.profile.get({})).rejects.toThrow('missing_scope');
  });

  it('throttles and fails on demand', async () => {
    sandbox.slack.throttle(9);
    await expect(client().users.profile.get({})).rejects.toMatchObject({ retryAfter: 9 });
    sandbox.slack.outage();
    await expect(client().users.profile.get({})).rejects.toThrow();
    sandbox.slack.fail({ status: 200, body: { ok: false, error: 'account_inactive' } });
    await expect(client().users.profile.get({})).rejects.toThrow('account_inactive');
    expect(sandbox.exchanges.map(({ status }) => status)).toEqual([429, 503, 200]);
  });

  it('keeps no token in its journal', async () => {
    await client().auth.test();
    expect(JSON.stringify(sandbox.exchanges)).not.toContain('xoxp-ada');
  });
});

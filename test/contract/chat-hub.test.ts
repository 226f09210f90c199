import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProviders } from '../../src/adapters/providers.ts';
import { accountOf, readAnswers } from '../../src/core/answers.ts';
import { entryOf } from '../../src/core/providerCatalogue.ts';
import { tryAccount } from '../../src/engine/accountTrial.ts';
import { withCandidates } from '../../src/engine/candidateSecrets.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { MemoryClaims, MemorySecrets, MemorySettings } from '../fakes/memoryStores.ts';
import { chatContract } from './chat-contract.ts';
import { type HubWorld, openHub } from './hub-proxy-world.ts';

chatContract('HipStatus hub', openHub);

describe('HipStatus hub, as a person adds it', () => {
  const { signal } = new AbortController();
  let world: HubWorld;

  /** What the app and the command line do with what was typed. */
  async function add(server: string, token: string) {
    const clock = new FakeClock(world.now());
    const secrets = new MemorySecrets();
    const { organisation } = new MemorySettings({}).get();
    const { providers } = createProviders(() => ({
      fetch,
      now: world.now,
      secrets,
      claims: new MemoryClaims(),
      organisation,
      openAddress: async () => undefined,
    }));
    const { values, secrets: typed } = readAnswers(entryOf('hub').fields, { server, token });
    const account = accountOf('hub', 'hub', values);
    const candidate = { kind: 'accountsecret', account: 'hub', value: typed['token'] ?? '' } as const;
    return tryAccount(account, { providers, clock }, withCandidates(secrets, [candidate]), signal);
  }

  beforeEach(async () => {
    world = await openHub();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('says what can be done there, and has the person seen', async () => {
    expect((await world.hub.shown()).state).toBe('offline');
    expect(await add(`${world.server.url}/api/v1/`, ` ${world.token}\n`)).toEqual(world.provider.capabilities);
    expect(await world.hub.shown()).toMatchObject({ state: 'available', text: '' });
    // And for no longer than one report counts: the trial has ended, and its heartbeat with it.
    world.pass(16 * 60_000);
    expect((await world.hub.shown()).state).toBe('offline');
  });

  it('takes the token of somebody who may everything, if it is the person’s own', async () => {
    expect(await add(world.server.url, await world.hub.issue(['admin'], true))).toEqual(world.provider.capabilities);
  });

  it('says what is wrong with a token, and what to do', async () => {
    const { hub, server } = world;
    const refusal = (token: string) => add(server.url, token).catch((error: unknown) => error);
    expect(await refusal(`${world.token}x`)).toMatchObject({ code: 'unauthorized', reason: 'tokenRefused' });
    expect(await refusal(await hub.issue(['read'], true))).toMatchObject({
      code: 'forbidden',
      reason: 'missing_scope',
    });
    expect(await refusal(await hub.issue(['publish', 'read'], false))).toMatchObject({
      code: 'notFound',
      reason: 'nobodysToken',
    });
    expect((await hub.shown()).state).toBe('offline');
  });

  it('says when the address is that of something else', async () => {
    await expect(add(`${world.server.url}/elsewhere`, world.token)).rejects.toMatchObject({ reason: 'noHub' });
    await expect(add('http://hub.example.com', world.token)).rejects.toMatchObject({
      reason: expect.stringMatching(/^field:server:/),
    });
    world.journal.clear();
  });

  it('says when the person is gone from the hub', async () => {
    await world.provider.read(signal);
    await world.hub.removePerson();
    await expect(world.provider.read(signal)).rejects.toMatchObject({ code: 'notFound', reason: 'nobodysToken' });
  });
});

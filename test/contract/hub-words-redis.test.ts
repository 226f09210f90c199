import { afterAll, beforeAll, expect, it } from 'vitest';
import { hubWords } from '../../src/adapters/chat/hub/words.ts';
import type { RemoteWord } from '../../src/core/remoteWord.ts';
import { type HubWorld, openHub } from './hub-world.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';

let redis: RedisServer;
const hubs: HubWorld[] = [];
beforeAll(async () => {
  redis = await startRedis();
}, 60_000);
afterAll(async () => {
  for (const hub of hubs) await hub.close();
  await redis.close();
});

it('a word said to one hub of a team is heard from another, whether the app was off or on', async () => {
  const open = async (): Promise<HubWorld> => {
    const hub = await openHub({ env: { HUB_REDIS_URL: redis.url } });
    hubs.push(hub);
    return hub;
  };
  const [one, other] = [await open(), await open()];
  const person = await one.person('Ada');
  const token = await one.token(['publish'], person);
  await expect.poll(() => other.hub.roster.get(person)?.person.name).toBe('Ada');
  const say = async (body: object) => {
    const answer = await one.ask('/api/v1/people/me/word', token, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
  };
  await say({ kind: 'busy', minutes: 30, text: 'Deep work' });
  await say({ kind: 'pause', minutes: 10 });

  const words: RemoteWord[] = [];
  const kinds = () => [...new Set(words.map(({ kind }) => kind))];
  const source = hubWords({ fetch, now: () => Date.now(), server: other.url, token: async () => token });
  const following = source.follow((word) => void words.push(word));
  await expect.poll(kinds).toEqual(['busy', 'pause']);
  expect(words[0]).toMatchObject({ text: 'Deep work' });
  await say({ kind: 'resume' });
  await expect.poll(kinds).toEqual(['busy', 'pause', 'resume']);
  following.stop();
  // What a pause and its end have passed over is as it was.
  expect(one.hub.roster.get(person)?.said).toMatchObject({ state: 'dnd', text: 'Deep work', source: 'command.busy' });
});

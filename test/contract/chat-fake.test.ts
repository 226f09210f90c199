import { FakeChat, refused } from '../fakes/fakeChat.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';

const capable = { emoji: true, expires: true, profileTimeZone: true } as const;
const bare = { states: ['available', 'away'], emoji: false, expires: false, profileTimeZone: false } as const;

for (const [name, capabilities] of [
  ['the fake', capable],
  ['the fake with little to offer', bare],
] as const) {
  chatContract(name, async (): Promise<ChatWorld> => {
    let now = Date.parse('2026-01-05T09:00:00Z');
    const provider = new FakeChat({ capabilities, now: () => now });
    return {
      provider,
      now: () => now,
      pass: (time) => {
        now += time;
      },
      personSets: async (presence) => provider.personSets({ ...presence, until: null }),
      shown: async () => {
        const { state, text, emoji } = provider.shown;
        return { state, text, emoji };
      },
      profile: async () => provider.label,
      goOffline: () => provider.goOffline(),
      rejectToken: () => void provider.fail(refused.unauthorized(), { times: Number.POSITIVE_INFINITY }),
      throttle: (seconds) => void provider.fail(refused.rateLimited(seconds * 1_000)),
      outage: (status) => void provider.fail(status === 500 ? refused.serverError() : refused.unavailable()),
      cutOff: () => provider.fail({ kind: 'lost' }, { times: Number.POSITIVE_INFINITY }),
      loseAnswer: () => void provider.fail({ kind: 'landed' }, { on: 'write' }),
      hang: () => void provider.fail({ kind: 'late', until: new Promise(() => undefined) }),
      landed: () => provider.writes.length,
      token: 'the fake has none',
      findings: () => [],
      close: async () => undefined,
    };
  });
}

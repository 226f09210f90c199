import { describe, expect, it } from 'vitest';
import { channelInfos, contract } from '../../../src/desktop/ipc/contract.ts';
import { makeBridge } from '../../../src/desktop/preload/bridge.ts';

type Listener = (event: unknown, payload: unknown) => void;

function fakeIpc() {
  const invoked: unknown[] = [];
  const listeners = new Map<string, Set<Listener>>();
  return {
    invoked,
    emit: (channel: string, payload: unknown) => {
      for (const listener of listeners.get(channel) ?? []) listener({ sender: 'secret' }, payload);
    },
    invoke: async (channel: string, request: unknown) => {
      invoked.push([channel, request]);
      return { ok: true, value: null };
    },
    on: (channel: string, listener: Listener) =>
      listeners.set(channel, new Set([...(listeners.get(channel) ?? []), listener])),
    removeListener: (channel: string, listener: Listener) => listeners.get(channel)?.delete(listener),
  };
}

describe('the preload bridge', () => {
  it('has one function for every channel of the contract, and nothing else', () => {
    const bridge = makeBridge(channelInfos(), fakeIpc());
    expect(Object.keys(bridge)).toEqual(Object.keys(contract));
  });

  it('gives no two names the same channel', () => {
    const channels = channelInfos().map(({ channel }) => channel);
    expect(new Set(channels).size).toBe(channels.length);
  });

  it('asks on the channel of the contract', async () => {
    const ipc = fakeIpc();
    await makeBridge(channelInfos(), ipc).fit(120);
    expect(ipc.invoked).toEqual([['prompt:fit', 120]]);
  });

  it('hands payloads over without the event object, until it is stopped', () => {
    const ipc = fakeIpc();
    const got: unknown[][] = [];
    const stop = makeBridge(channelInfos(), ipc).changed((...args) => got.push(args));
    ipc.emit('prompt:changed', 'one');
    stop();
    ipc.emit('prompt:changed', 'two');
    expect(got).toEqual([['one']]);
  });
});

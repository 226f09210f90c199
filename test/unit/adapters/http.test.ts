import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { call, jsonOf } from '../../../src/adapters/http.ts';

/** An answer whose body begins and never ends. */
const stalled = async (_url: string, init?: RequestInit): Promise<Response> => {
  const { signal } = init ?? {};
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{'));
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  return new Response(body);
};

const silent = (_url: string, init?: RequestInit): Promise<Response> =>
  new Promise((_resolve, reject) => {
    const { signal } = init ?? {};
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason));
  });

describe('the time limit of a call', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const get = (fetch: typeof silent, signal = new AbortController().signal) =>
    call({ fetch, now: () => 0 }, 'Nudge', 'https://nudge.example.com', { signal });
  const codeOf = (work: Promise<unknown>) => work.catch((error: { code: string }) => error.code);

  it('ends the wait for an answer', async () => {
    const outcome = codeOf(get(silent));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await outcome).toBe('timeout');
  });

  it('ends the wait for a body that stops coming', async () => {
    const response = await get(stalled);
    const outcome = codeOf(jsonOf('Nudge', response, z.object({}), 0));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await outcome).toBe('timeout');
  });

  it('is not waited for by whoever gives up', async () => {
    const given = new AbortController();
    const outcome = codeOf(get(silent, given.signal));
    given.abort();
    expect(await outcome).toBe('cancelled');
    expect(await codeOf(get(silent, given.signal))).toBe('cancelled');
  });
});

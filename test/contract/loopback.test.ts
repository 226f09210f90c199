import { describe, expect, it } from 'vitest';
import { type LoopbackSignIn, signInAtLoopback } from '../../src/adapters/loopback.ts';
import { AppError } from '../../src/core/appError.ts';

const signal = new AbortController().signal;
const pages = { success: '<title>Good</title>', failure: '<title>Bad</title>' };

/** A person whose browser comes back at once; what it was shown is kept. */
function coming(query: string, more: Partial<LoopbackSignIn<string>> = {}) {
  const shown: { status: number; body: string; headers: Headers }[] = [];
  const browsing: Promise<void>[] = [];
  const come = async (redirectUri: string) => {
    const answer = await fetch(`${redirectUri}/?${query}`);
    shown.push({ status: answer.status, body: await answer.text(), headers: answer.headers });
  };
  const wish: LoopbackSignIn<string> = {
    state: 's',
    pages,
    authorizeUrl: (redirectUri) => redirectUri,
    openAddress: async (redirectUri) => void browsing.push(come(redirectUri)),
    finish: async (answer) => `took ${answer.get('code')}`,
    ...more,
  };
  const running = signInAtLoopback(wish, signal);
  return { running, shown, browsed: () => Promise.all(browsing) };
}

describe('a sign-in at a loopback address', () => {
  it('takes the answer, and shows the page of what came of it', async () => {
    const { running, shown, browsed } = coming('code=1&state=s');
    expect(await running).toBe('took 1');
    await browsed();
    expect(shown).toMatchObject([{ status: 200, body: pages.success }]);
    expect(shown[0]?.headers.get('cache-control')).toBe('no-store');
    expect(shown[0]?.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('says at the browser, too, that it did not work', async () => {
    const refused = new AppError('forbidden', 'No.');
    const { running, shown, browsed } = coming('code=1&state=s', { finish: () => Promise.reject(refused) });
    await expect(running).rejects.toBe(refused);
    await browsed();
    expect(shown).toMatchObject([{ status: 400, body: pages.failure }]);
  });

  it('takes an answer that comes before the browser is reported open', async () => {
    let address = '';
    const { running } = coming('code=1&state=s', {
      openAddress: (redirectUri) => {
        address = redirectUri;
        void fetch(`${redirectUri}/?code=early&state=s`);
        return new Promise(() => undefined);
      },
    });
    expect(await running).toBe('took early');
    await expect(fetch(address)).rejects.toThrow();
  });

  it('does not wait for ever for somebody who has closed the browser', async () => {
    const { running } = coming('', { openAddress: async () => undefined, patience: 20 });
    await expect(running).rejects.toMatchObject({ code: 'timeout', reason: 'signInTimeout' });
  });

  it('ends at once when the browser can not be opened', async () => {
    const { running } = coming('', { openAddress: () => Promise.reject(new Error('none')) });
    await expect(running).rejects.toMatchObject({ code: 'serverError', reason: 'noBrowser' });
  });
});

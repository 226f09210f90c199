import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { MAX_TRIES, waitAfter } from '../../../src/hub/webhooks/backoff.ts';
import { newSecret, signatureOf } from '../../../src/hub/webhooks/signature.ts';

const tries = Array.from({ length: MAX_TRIES - 1 }, (_, index) => index + 1);
const sum = (random: number) => tries.reduce((all, one) => all + waitAfter(one, random, null), 0);

describe('when a webhook is tried again', () => {
  it('waits longer each time, about an hour in all', () => {
    expect(tries.map((one) => waitAfter(one, 0.5, null) / SECOND)).toEqual([
      10, 25, 62.5, 156.25, 390.625, 976.563, 2441.406,
    ]);
    expect(sum(0)).toBeGreaterThan(50 * MINUTE);
    expect(sum(0.999)).toBeLessThan(90 * MINUTE);
  });

  it('spreads those that failed together', () => {
    expect(waitAfter(1, 0, null)).toBe(8 * SECOND);
    expect(waitAfter(1, 0.999, null)).toBeGreaterThan(11.9 * SECOND);
  });

  it('waits as long as the receiver asks, but for no more than a day', () => {
    expect(waitAfter(1, 0.5, 120 * SECOND)).toBe(120 * SECOND);
    expect(waitAfter(1, 0.5, 1 * SECOND)).toBe(10 * SECOND);
    expect(waitAfter(1, 0.5, 999 * HOUR)).toBe(24 * HOUR);
  });

  it('never waits longer than at the last try, however often it failed', () => {
    expect(waitAfter(1_000, 0.5, null)).toBe(waitAfter(MAX_TRIES - 1, 0.5, null));
  });
});

describe('the signature', () => {
  it('is HMAC-SHA256 over the time and the body', () => {
    const expected = createHmac('sha256', 'a-secret-of-16-chars').update('1790000000.{"a":1}').digest('hex');
    expect(signatureOf('a-secret-of-16-chars', 1_790_000_000_999, '{"a":1}')).toBe(`t=1790000000,v1=${expected}`);
  });

  it('is what the check in docs/webhooks.md takes, and nothing else is', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-webhook-'));
    try {
      const file = join(folder, 'check.mjs');
      writeFileSync(file, `${code}\nexport { isFromHub };`);
      const { isFromHub } = (await import(pathToFileURL(file).href)) as {
        isFromHub: (header: string | undefined, body: string, secret: string, now: number) => boolean;
      };
      const [secret, now, body] = ['a-secret-of-16-chars', 1_790_000_000_000, '{"id":1,"text":"Café"}'];
      const header = signatureOf(secret, now, body);
      expect(isFromHub(header, body, secret, now + 200 * SECOND)).toBe(true);
      expect(isFromHub(header, body, secret, now + 301 * SECOND)).toBe(false);
      expect(isFromHub(header, `${body} `, secret, now)).toBe(false);
      expect(isFromHub(header, body, 'another-secret-1234', now)).toBe(false);
      expect(isFromHub(header.replace('t=1', 't=2'), body, secret, now)).toBe(false);
      expect(isFromHub(undefined, body, secret, now)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is made with a secret nobody guesses', () => {
    expect(newSecret()).toMatch(/^whsec_[\w-]{43}$/);
    expect(newSecret()).not.toBe(newSecret());
  });
});

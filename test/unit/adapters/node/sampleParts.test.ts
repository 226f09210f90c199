import { describe, expect, it } from 'vitest';
import { loopbackOnly } from '../../../../src/adapters/node/loopbackOnly.ts';
import { fixedManaged } from '../../../../src/adapters/node/managedSettings.ts';
import { createMemorySecrets } from '../../../../src/adapters/node/memorySecrets.ts';

describe('a network of this machine alone', () => {
  const asked: string[] = [];
  const redirects: unknown[] = [];
  const fetch = loopbackOnly(async (url, init) => {
    asked.push(url);
    redirects.push(init?.redirect);
    return new Response('ok');
  });

  it.each(['http://localhost:4000/v2/user/1', 'https://127.0.0.1/', 'http://[::1]:80/'])('reaches %s', async (url) => {
    expect(await (await fetch(url)).text()).toBe('ok');
    expect(asked.at(-1)).toBe(url);
  });

  it.each([
    'https://slack.com/api/',
    'http://localhost.example.com/',
    'http://127.0.0.1.example.com/',
    'http://10.0.0.1/',
    'http://localhost@example.com/',
  ])('does not reach %s', async (url) => {
    await expect(fetch(url)).rejects.toThrow('Only this machine');
    expect(asked).not.toContain(url);
  });

  it('follows no redirect, which may lead elsewhere', async () => {
    redirects.length = 0;
    await fetch('http://localhost/');
    await fetch('http://localhost/', { redirect: 'follow' });
    await fetch('http://localhost/', { redirect: 'manual' });
    expect(redirects).toEqual(['error', 'error', 'manual']);
  });
});

describe('secrets in memory', () => {
  it('are there, can be changed and removed', async () => {
    const name = { kind: 'hctoken', account: 'ada@example.com' } as const;
    const other = { kind: 'accountsecret', account: 'ada@example.com' } as const;
    const secrets = createMemorySecrets([{ name, value: 'one' }]);
    await secrets.probe();
    expect(await secrets.get(name)).toBe('one');
    expect(await secrets.get(other)).toBeNull();
    await secrets.set(name, 'two');
    expect(await secrets.get(name)).toBe('two');
    expect(await secrets.delete(name)).toBe(true);
    expect(await secrets.delete(name)).toBe(false);
    expect(await secrets.get(name)).toBeNull();
    await secrets.settled();
  });
});

describe('managed settings that are given', () => {
  it('are what they are', () => {
    const managed = fixedManaged({ email: 'ada@example.com' });
    expect(managed.read()).toEqual({ value: { email: 'ada@example.com' }, source: null, problems: [] });
    expect(managed.watch(() => expect.unreachable())()).toBeUndefined();
  });
});

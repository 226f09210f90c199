import { describe, expect, it } from 'vitest';
import { proxyCredentials, proxyFor } from '../../../../src/adapters/node/proxyEnvironment.ts';

const place = (address: string, env: Record<string, string>) => {
  const proxy = proxyFor(address, env);
  return proxy === null ? null : `${proxy.variable} ${proxy.isSecure ? 'tls ' : ''}${proxy.host}:${proxy.port}`;
};

describe('proxyFor', () => {
  it('takes the variable of the scheme, the lower case first, then that for all', () => {
    const env = { HTTP_PROXY: 'http://plain:1', https_proxy: 'http://lower:2', HTTPS_PROXY: 'http://upper:3' };
    expect(place('https://x.example/', env)).toBe('https_proxy lower:2');
    expect(place('http://x.example/', env)).toBe('HTTP_PROXY plain:1');
    expect(place('https://x.example/', { HTTP_PROXY: 'http://plain:1' })).toBe('HTTP_PROXY plain:1');
    expect(place('https://x.example/', { ALL_PROXY: 'http://all:4' })).toBe('ALL_PROXY all:4');
    expect(place('http://x.example/', { HTTPS_PROXY: 'http://upper:3' })).toBeNull();
    expect(place('https://x.example/', { HTTPS_PROXY: '' })).toBeNull();
  });

  it('takes addresses as people write them', () => {
    expect(place('https://x/', { HTTPS_PROXY: 'proxy.example:8080' })).toBe('HTTPS_PROXY proxy.example:8080');
    expect(place('https://x/', { HTTPS_PROXY: ' https://proxy.example ' })).toBe('HTTPS_PROXY tls proxy.example:443');
    expect(place('https://x/', { HTTPS_PROXY: 'http://[::1]:3128/' })).toBe('HTTPS_PROXY ::1:3128');
    const { credentials } = proxyFor('https://x/', { HTTPS_PROXY: 'http://ada:p%40ss%@proxy:1' }) ?? {};
    expect(credentials).toEqual({ username: 'ada', password: 'p%40ss%' });
    expect(proxyFor('https://x/', { HTTPS_PROXY: 'http://ada:p%40ss@proxy:1' })?.credentials?.password).toBe('p@ss');
  });

  it('says by a code what names no proxy, without its words', () => {
    for (const value of ['socks5://ada:secret@proxy:1', 'http://', 'http://ada:secret@:x']) {
      let thrown: unknown;
      try {
        proxyFor('https://x/', { HTTPS_PROXY: value });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: 'ERR_NO_SUPPORTED_PROXIES' });
      expect(String(thrown)).not.toContain('secret');
    }
  });

  it.each([
    ['*', true],
    ['x.example', true],
    ['.example', true],
    ['*.example', true],
    ['other,X.EXAMPLE', true],
    ['x.example:443', true],
    ['x.example:8443', false],
    ['ample', false],
    ['', false],
  ])('NO_PROXY %s', (noProxy, isExempt) => {
    const env = { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: noProxy };
    expect(proxyFor('https://x.example/', env) === null).toBe(isExempt);
  });
});

describe('proxyCredentials', () => {
  it('are given to the proxy they are for, and to no other', () => {
    const env = { HTTPS_PROXY: 'http://ada:secret@proxy.example:8080', HTTP_PROXY: 'socks5://x' };
    expect(proxyCredentials('proxy.example', 8080, env)).toEqual({ username: 'ada', password: 'secret' });
    expect(proxyCredentials('proxy.example', 3128, env)).toBeNull();
    expect(proxyCredentials('evil.example', 8080, env)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { lastTold, toBody, toHeaders, usableAddress } from '../../../../src/adapters/chat/webhook/transform.ts';
import type { Claim } from '../../../../src/core/claim.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const NOW = Date.parse('2026-01-05T09:00:00.900Z');
const shown = (text: string): Presence => ({ state: 'dnd', text, emoji: '', until: null });

describe('Webhook: where it may go', () => {
  it.each([
    'https://example.com/hooks/1',
    'https://192.168.1.5/hook',
    'http://localhost:8123/api/webhook/abc',
    'http://light.localhost/',
    'http://127.0.0.1:8123/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.5/',
    'http://169.254.10.10/',
    'http://[::1]:8123/',
    'http://[fd12:3456::1]/',
    'http://[fe80::1]/',
    'http://homeassistant.local:8123/api/webhook/abc',
    'http://hub.home.arpa/',
    'http://light.internal/',
    ' https://example.com/with-spaces-around ',
  ])('%s: yes', (address) => {
    expect(usableAddress(address)?.href).toBe(new URL(address.trim()).href);
  });

  it.each([
    'http://example.com/',
    'http://8.8.8.8/',
    'http://172.32.0.1/',
    'http://192.169.1.1/',
    'http://[2001:db8::1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://localhost.example.com/',
    'http://homeassistant/',
    'http://10.1.2.3.example.com/',
    'https://ada:pw@example.com/',
    'file:///etc/passwd',
    'ftp://localhost/',
    'example.com/hook',
    '',
  ])('%s: no', (address) => {
    expect(usableAddress(address)).toBeNull();
  });

  it('sees through other ways to write a number', () => {
    expect(usableAddress('http://0x7f.1/')?.hostname).toBe('127.0.0.1');
    expect(usableAddress('http://134744072/')).toBeNull();
  });
});

describe('Webhook: what is sent', () => {
  it('the end of the state, and whose it is', () => {
    expect(toBody(shown('In a meeting'), NOW, 'ada')).toEqual({
      version: 1,
      state: 'dnd',
      text: 'In a meeting',
      emoji: '',
      until: '2026-01-05T09:00:00.900Z',
      person: 'ada',
    });
    expect(toBody(shown(''), undefined, '')).toEqual({ version: 1, state: 'dnd', text: '', emoji: '', until: null });
  });

  // openssl: printf '%s' 'msg_1.1767603600.{"a":1}' | openssl dgst -sha256 -hmac '<key>' -binary | base64
  it.each([
    ['whsec_c2VjcmV0IGtleSBvZiB0aGUgbGlnaHQ=', 'Zg3dAuq0mVZrytmHe0d4tWv9tI63/H9VDF3WpFMPkSs='],
    ['secret key of the light', 'Zg3dAuq0mVZrytmHe0d4tWv9tI63/H9VDF3WpFMPkSs='],
    ['correct horse', 'dI58FudaI4Fbo58v7xMv5gkXnqblen3sqf9MzM9leek='],
  ])('is signed with %s', (secret, signature) => {
    expect(toHeaders('msg_1', NOW, '{"a":1}', secret)).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1767603600',
      'webhook-signature': `v1,${signature}`,
    });
  });

  it('is not signed without a secret', () => {
    expect(Object.keys(toHeaders('msg_1', NOW, '{}', ''))).toEqual(['webhook-id', 'webhook-timestamp']);
  });
});

describe('Webhook: what was told before a restart', () => {
  const claim = {
    snapshot: shown('snapshot'),
    asked: shown('asked'),
    written: shown('written'),
    previous: shown('previous'),
  } as Claim;
  const of = (rest: Partial<Claim>) => lastTold({ claim: { ...claim, ...rest }, handsOff: [] })?.text ?? null;

  it('is what was written, else what was there before', () => {
    expect(of({})).toBe('written');
    expect(of({ written: null })).toBe('previous');
    expect(of({ written: null, previous: null })).toBe('snapshot');
  });

  it('is unknown where nothing is claimed', () => {
    expect(lastTold(undefined)).toBeNull();
    expect(lastTold({ claim: null, handsOff: [] })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import {
  isNetworkReason,
  needsSomebody,
  networkMessage,
  networkReason,
  networkText,
  SIGN_IN_PAGE,
  shortNetworkReason,
} from '../../../src/core/networkErrors.ts';
import { EN } from '../../../src/core/texts/en.ts';
import { ENGLISH } from '../../../src/core/texts.ts';

const coded = (code: string, more: object = {}) => Object.assign(new Error('words that nobody reads'), { code }, more);
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

describe('networkReason', () => {
  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['ENETUNREACH', 'offline'],
    ['UND_ERR_SOCKET', 'dropped'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificateAuthority'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificateAuthority'],
    ['CERT_HAS_EXPIRED', 'certificateDates'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificateHost'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_PROXY_AUTH_REQUESTED', 'proxyAuth'],
  ])('reads Node’s %s', (code, reason) => {
    expect(networkReason(fetchFailed(coded(code)))).toBe(reason);
  });

  it.each([
    ['ERR_INTERNET_DISCONNECTED', 'offline'],
    ['ERR_NAME_NOT_RESOLVED', 'dns'],
    ['ERR_CONNECTION_REFUSED', 'refused'],
    ['ERR_CERT_AUTHORITY_INVALID', 'certificateAuthority'],
    ['ERR_CERT_DATE_INVALID', 'certificateDates'],
    ['ERR_CERT_COMMON_NAME_INVALID', 'certificateHost'],
    ['ERR_SSL_PROTOCOL_ERROR', 'tls'],
    ['ERR_TUNNEL_CONNECTION_FAILED', 'proxyRefused'],
    ['ERR_PROXY_CONNECTION_FAILED', 'proxyUnreachable'],
    ['ERR_MANDATORY_PROXY_CONFIGURATION_FAILED', 'proxySettings'],
  ])('reads Chromium’s %s, which is a whole message', (name, reason) => {
    expect(networkReason(fetchFailed(new Error(`net::${name}`)))).toBe(reason);
  });

  it('goes by codes only, the outermost that is known first', () => {
    expect(networkReason(new Error('getaddrinfo ENOTFOUND, net::ERR_NAME_NOT_RESOLVED and the like'))).toBeNull();
    expect(networkReason(coded('ERR_PROXY_CONNECTION_FAILED', { cause: coded('ECONNREFUSED') }))).toBe(
      'proxyUnreachable',
    );
    expect(networkReason(coded('SOMETHING_ELSE', { cause: coded('ECONNREFUSED') }))).toBe('refused');
    expect(networkReason({ code: 17, errors: [coded('ODD'), coded('ENETUNREACH')] })).toBe('offline');
    const loop = coded('ODD');
    expect(networkReason(Object.assign(loop, { cause: loop }))).toBeNull();
    for (const nothing of [null, undefined, 'ECONNREFUSED', 7]) expect(networkReason(nothing)).toBeNull();
  });
});

describe('what is said of it', () => {
  it('names the service everywhere, the setting where certificates are not trusted, and the way out of a 407', () => {
    const reasons = Object.keys(EN).flatMap((key) => /^network\.(\w+)\.what$/.exec(key)?.[1] ?? []);
    expect(reasons).toHaveLength(15);
    for (const reason of reasons) {
      if (reason !== SIGN_IN_PAGE && !isNetworkReason(reason)) throw new Error(`${reason} is none`);
      const message = networkMessage('Slack', networkText(reason, ENGLISH));
      expect(message).toContain('Slack');
      expect(message).not.toContain('{');
    }
    for (const reason of ['certificateAuthority', 'certificateDates', 'certificateHost'] as const) {
      expect(networkText(reason, ENGLISH).next).toContain('organisation.trustedCertificateFiles');
    }
    expect(networkMessage('Slack', networkText('proxyAuth', ENGLISH))).toMatch(
      /^Your proxy asks for a sign-in.*HTTPS_PROXY/,
    );
  });

  it('tells what passes by itself from what somebody has to put right', () => {
    expect(['proxyAuth', 'certificateDates', 'tls'].map(needsSomebody)).toEqual([true, true, true]);
    expect(['dns', 'offline', 'proxies', null].map(needsSomebody)).toEqual([false, false, false, false]);
  });

  it('fits a line of the menu', () => {
    expect(shortNetworkReason('proxyAuth')).toBe('problem.proxyAuth');
    expect(shortNetworkReason('certificateHost')).toBe('problem.certificate');
    expect(shortNetworkReason('dns')).toBeNull();
    expect(shortNetworkReason(null)).toBeNull();
  });
});

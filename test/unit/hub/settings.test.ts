import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { readHubSettings } from '../../../src/hub/settings.ts';

const refusal = (env: Record<string, string>): string => {
  try {
    readHubSettings(env);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'invalidInput') return thrown.message;
    throw thrown;
  }
  throw new Error('These settings were taken.');
};

describe('the hub’s settings', () => {
  it('need nothing: loopback, a file, no Outlook secret', () => {
    expect(readHubSettings({})).toMatchObject({
      HUB_HOST: '127.0.0.1',
      HUB_PORT: 8427,
      HUB_OUTLOOK_PAGE_SIZE: 100,
      tls: null,
    });
    expect(readHubSettings({}).HUB_OUTLOOK_SECRET).toBeUndefined();
    expect(readHubSettings({ HUB_REDIS_URL: '' }).HUB_REDIS_URL).toBeUndefined();
  });

  it('take PORT where HUB_PORT is not set', () => {
    expect(readHubSettings({ PORT: '9000' }).HUB_PORT).toBe(9000);
    expect(readHubSettings({ PORT: '9000', HUB_PORT: '9001' }).HUB_PORT).toBe(9001);
  });

  it('read secrets from files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hipstatus-secret-')), 'secret');
    writeFileSync(file, 'a secret from a file\n');
    expect(readHubSettings({ HUB_OUTLOOK_SECRET_FILE: file }).HUB_OUTLOOK_SECRET).toBe('a secret from a file');
    expect(refusal({ HUB_OUTLOOK_SECRET_FILE: '/nowhere/at/all' })).toContain('HUB_OUTLOOK_SECRET_FILE');
  });

  it('say which is wrong, and never with what', () => {
    expect(refusal({ HUB_PORT: 'eight-four' })).toContain('HUB_PORT');
    expect(refusal({ HUB_OUTLOOK_SECRET: 'tooshort-pw' })).toContain('HUB_OUTLOOK_SECRET');
    expect(refusal({ HUB_OUTLOOK_SECRET: 'tooshort-pw' })).not.toContain('tooshort');
    expect(refusal({ HUB_PROT: '1' })).toContain('HUB_PROT');
    expect(refusal({ HUB_TLS_CERT: '/tmp/cert.pem' })).toContain('HUB_TLS_KEY');
  });

  it('listen to others only with TLS or behind a proxy', () => {
    for (const HUB_HOST of ['0.0.0.0', '::', '192.168.1.5', 'hub.example.com', '128.0.0.1']) {
      expect(refusal({ HUB_HOST })).toContain('HUB_TLS_CERT');
      expect(readHubSettings({ HUB_HOST, HUB_BEHIND_PROXY: '1' }).HUB_HOST).toBe(HUB_HOST);
    }
    for (const HUB_HOST of ['localhost', '127.0.0.1', '127.9.9.9', '::1']) {
      expect(readHubSettings({ HUB_HOST }).tls).toBeNull();
    }
  });
});

import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it } from 'vitest';
import { pinVerdict } from '../../../../src/adapters/electron/certificates.ts';

/** A while after the certificates of this run are made. */
const NOW = Date.now() + 3_600_000;
const YEAR = 366 * 86_400_000;

const made: Record<'authority' | 'server' | 'other' | 'alone', X509Certificate> = {} as typeof made;

beforeAll(async () => {
  const names = [
    { type: 2 as const, value: 'chat.example.com' },
    { type: 7 as const, ip: '127.0.0.1' },
  ];
  const san = { name: 'subjectAltName' as const, altNames: names };
  const authority = await generate([{ name: 'commonName', value: 'Example authority' }], {
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const server = await generate([{ name: 'commonName', value: 'chat.example.com' }], {
    extensions: [san],
    ca: { key: authority.private, cert: authority.cert },
  });
  const other = await generate([{ name: 'commonName', value: 'Other authority' }], {
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const alone = await generate([{ name: 'commonName', value: 'chat.example.com' }], { extensions: [san] });
  made.authority = new X509Certificate(authority.cert);
  made.server = new X509Certificate(server.cert);
  made.other = new X509Certificate(other.cert);
  made.alone = new X509Certificate(alone.cert);
});

describe('certificates trusted beyond the system', () => {
  it('takes a server whose own certificate is trusted', () => {
    expect(pinVerdict('chat.example.com', [made.alone], [made.alone], NOW)).toBe('trusted');
    expect(pinVerdict('127.0.0.1', [made.alone], [made.alone], NOW)).toBe('trusted');
  });

  it('takes a server whose certificate was issued by a trusted authority, sent along or not', () => {
    expect(pinVerdict('chat.example.com', [made.server], [made.authority], NOW)).toBe('trusted');
    expect(pinVerdict('chat.example.com', [made.server, made.authority], [made.authority], NOW)).toBe('trusted');
  });

  it('refuses another host, another authority and another time, and says which', () => {
    expect(pinVerdict('evil.example.com', [made.alone], [made.alone], NOW)).toBe('host');
    expect(pinVerdict('chat.example.com', [made.server], [made.other], NOW)).toBe('unknown');
    expect(pinVerdict('chat.example.com', [made.alone], [made.server], NOW)).toBe('unknown');
    expect(pinVerdict('chat.example.com', [made.alone], [made.alone], NOW + 50 * YEAR)).toBe('dates');
    expect(pinVerdict('chat.example.com', [made.alone], [made.alone], NOW - 50 * YEAR)).toBe('dates');
    expect(pinVerdict('chat.example.com', [], [made.alone], NOW)).toBe('unknown');
  });

  it('a trusted certificate that is sent along but has not issued the server’s is worth nothing', () => {
    expect(pinVerdict('chat.example.com', [made.server, made.other], [made.other], NOW)).toBe('unknown');
  });
});

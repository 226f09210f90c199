import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it } from 'vitest';
import { isPinned, readCertificates } from '../../../../src/adapters/electron/certificates.ts';

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
    expect(isPinned('chat.example.com', [made.alone], [made.alone], NOW)).toBe(true);
    expect(isPinned('127.0.0.1', [made.alone], [made.alone], NOW)).toBe(true);
  });

  it('takes a server whose certificate was issued by a trusted authority, sent along or not', () => {
    expect(isPinned('chat.example.com', [made.server], [made.authority], NOW)).toBe(true);
    expect(isPinned('chat.example.com', [made.server, made.authority], [made.authority], NOW)).toBe(true);
  });

  it('refuses another host, another authority and another time', () => {
    expect(isPinned('evil.example.com', [made.alone], [made.alone], NOW)).toBe(false);
    expect(isPinned('chat.example.com', [made.server], [made.other], NOW)).toBe(false);
    expect(isPinned('chat.example.com', [made.alone], [made.server], NOW)).toBe(false);
    expect(isPinned('chat.example.com', [made.alone], [made.alone], NOW + 50 * YEAR)).toBe(false);
    expect(isPinned('chat.example.com', [made.alone], [made.alone], NOW - 50 * YEAR)).toBe(false);
    expect(isPinned('chat.example.com', [], [made.alone], NOW)).toBe(false);
  });

  it('a trusted certificate that is sent along but has not issued the server’s is worth nothing', () => {
    expect(isPinned('chat.example.com', [made.server, made.other], [made.other], NOW)).toBe(false);
  });

  it('are read from PEM files that may hold several', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-pem-'));
    const file = join(folder, 'two.pem');
    writeFileSync(file, `# comment\n${made.alone.toString()}${made.other.toString()}`);
    const found = readCertificates([file]).map(({ fingerprint256 }) => fingerprint256);
    expect(found).toEqual([made.alone.fingerprint256, made.other.fingerprint256]);
    writeFileSync(file, 'nothing');
    expect(() => readCertificates([file])).toThrow(expect.objectContaining({ code: 'invalidInput' }));
    expect(() => readCertificates([join(folder, 'absent.pem')])).toThrow(
      expect.objectContaining({ code: 'invalidInput' }),
    );
    rmSync(folder, { recursive: true });
  });
});

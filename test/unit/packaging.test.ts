import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fuseProblems, setFuses } from '../../scripts/after-pack.mjs';
import { keychainPackages } from '../../scripts/lib/keychain-binaries.mjs';
import { readBundleId, readTargets } from '../../scripts/package.mjs';

// How Electron lays out its fuse wire: a fixed text, the wire's version, its length, then one character for each fuse.
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

describe('fuses', () => {
  let folder = '';
  let executable = '';
  const wire = (): string => readFileSync(executable, 'latin1').slice(`ELF${SENTINEL}`.length + 2, -'end'.length);
  const write = (fuses: string): void => {
    const length = String.fromCharCode(fuses.length);
    writeFileSync(executable, `ELF${SENTINEL}\u0001${length}${fuses}end`, 'latin1');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hipstatus-fuses-'));
    executable = join(folder, 'electron');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are set as the shipped app needs them (Electron 33: eight)', async () => {
    write('10110001');
    await setFuses(executable);
    expect(wire()).toBe('01001100');
  });

  test('a ninth, about WebAssembly, stays as Electron ships it (Electron 45)', async () => {
    write('101100011');
    await setFuses(executable);
    expect(wire()).toBe('010011001');
  });

  test('one that nobody decided on stops the build and changes nothing', async () => {
    write('1011000111');
    await expect(setFuses(executable)).rejects.toThrow('fuse 9: new in this Electron');
    expect(wire()).toBe('1011000111');
  });

  test('one that is missing or wrong is named', () => {
    const [off, on] = ['0'.charCodeAt(0), '1'.charCodeAt(0)];
    const read = { version: '1', 0: off, 1: on, 2: off, 3: on, 4: on, 5: on, 6: off };
    expect(fuseProblems(read)).toEqual([
      'EnableNodeCliInspectArguments: not off',
      'GrantFileProtocolExtraPrivileges: this Electron does not have it',
    ]);
  });
});

describe('npm run package', () => {
  const linux = { platform: 'linux', arch: 'x64' };

  test.each([
    [['--linux', 'dir'], { platforms: ['linux'], archs: ['x64'], native: true }],
    [['--linux=dir', '--arm64'], { platforms: ['linux'], archs: ['arm64'], native: false }],
    [['--dir'], { platforms: ['linux'], archs: ['x64'], native: true }],
    [[], { platforms: ['linux'], archs: ['x64', 'arm64'], native: false }],
    [['--mac', '--universal'], { platforms: ['darwin'], archs: ['x64', 'arm64'], native: false }],
    [['-w', '-l', 'dir'], { platforms: ['win32', 'linux'], archs: ['x64'], native: false }],
  ])('%j', (args, expected) => {
    expect(readTargets(args, linux)).toEqual(expected);
  });

  test('the keychain binaries of what is built', () => {
    expect(keychainPackages({ platforms: ['darwin', 'win32'], archs: ['x64', 'arm64'] })).toEqual([
      '@napi-rs/keyring-darwin-x64',
      '@napi-rs/keyring-darwin-arm64',
      '@napi-rs/keyring-win32-x64-msvc',
      '@napi-rs/keyring-win32-arm64-msvc',
    ]);
    expect(keychainPackages({ platforms: ['linux'], archs: ['x64'] })).toEqual(['@napi-rs/keyring-linux-x64-gnu']);
  });

  test('the bundle id is the one given, else the one in electron-builder.yml', () => {
    expect(readBundleId([])).toBe('com.jamfsw.hipstatus');
    expect(readBundleId(['--linux', 'dir', '-c.appId=org.example.presence'])).toBe('org.example.presence');
  });
});

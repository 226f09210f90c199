import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKeychainSecrets } from '../../src/adapters/node/keychainSecrets.ts';
import { systemClock } from '../../src/adapters/node/systemClock.ts';

const run = promisify(execFile);
const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const PROGRAM = [process.execPath, '--import', 'tsx', path.join(FIXTURES, 'keychain-steps.ts')];

const isThere = (tool: string): boolean =>
  (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Runs a command as a person without any session, in a home of their own; its last line is JSON. */
async function alone(command: readonly string[]): Promise<unknown> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'hipstatus-keychain-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));
  const [program = '', ...parameters] = command;
  const { stdout } = await run(program, parameters, {
    cwd: path.join(import.meta.dirname, '..', '..'),
    env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, LANG: 'C.UTF-8' },
    timeout: 60_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** The desktop's own tools must be here: without them nothing was shown. */
function needs(...tools: readonly string[]): void {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) return;
  throw new Error(
    `Missing: ${missing.join(', ')}. Install them: apt-get install dbus gnome-keyring libsecret-1-0 libsecret-tools`,
  );
}

/** On Linux in a session of its own with the desktop's tools; elsewhere there is but the person's own keychain. */
const keychain = process.platform === 'linux' ? onLinux : onOthers;
describe('OS keychain', keychain);

function onLinux(): void {
  it('is shared with the other programs of the desktop', { timeout: 90_000 }, async () => {
    needs('dbus-run-session', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool');
    const session = ['dbus-run-session', '--', 'sh', path.join(FIXTURES, 'keychain-session.sh')];
    expect(await alone([...session, ...PROGRAM, 'desktop'])).toEqual({
      probe: null,
      none: null,
      toolReads: 'from HipStatus',
      weRead: 'from HipStatus 1',
      toolReadsRenewed: 'renewed',
      longComesBack: true,
      deleted: [true, false, null],
      kernel: null,
      whenLocked: { code: 'locked', reason: 'keychainRefused', message: expect.stringContaining('Unlock it') },
    });
  });

  it('is missing where there is no session bus, and nothing is kept elsewhere', { timeout: 90_000 }, async () => {
    const missing = { code: 'locked', reason: 'noKeychain', message: expect.stringContaining('Install GNOME Keyring') };
    expect(await alone([...PROGRAM, 'none'])).toEqual({
      probe: missing,
      set: missing,
      get: missing,
      delete: missing,
      kernel: null,
    });
  });
}

function onOthers(): void {
  it('keeps and forgets, long values too', async () => {
    const bundleId = () => `org.example.hipstatus-test-${process.pid}`;
    const secrets = createKeychainSecrets({ bundleId, platform: process.platform, clock: systemClock });
    const name = { kind: 'msalcache', account: 'contract-test' } as const;
    const long = 'é☕'.repeat(4_000);
    await secrets.probe();
    expect(await secrets.get(name)).toBeNull();
    await secrets.set(name, long);
    expect(await secrets.get(name)).toBe(long);
    expect([await secrets.delete(name), await secrets.delete(name)]).toEqual([true, false]);
  });
}

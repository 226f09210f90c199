import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepFile } from '../../../../src/adapters/electron/keepFile.ts';
import { withPatience } from '../../../../src/adapters/electron/patience.ts';
import { updateError } from '../../../../src/adapters/electron/updateErrors.ts';
import { type Installation, updateSupport } from '../../../../src/adapters/electron/updateSupport.ts';
import { createUpdateMemory } from '../../../../src/adapters/node/updateMemory.ts';
import { AppError } from '../../../../src/core/appError.ts';
import { EN } from '../../../../src/core/texts/en.ts';
import { failureText } from '../../../../src/core/updateWords.ts';
import { FakeClock, settle } from '../../../fakes/fakeClock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hipstatus-updates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('whether an installation can replace itself', () => {
  const of = (more: Partial<Installation>) =>
    updateSupport({
      platform: 'linux',
      env: {},
      resources: folder,
      execPath: '/opt/HipStatus/hipstatus',
      isPackaged: true,
      ...more,
    });

  it.each<[string, Partial<Installation>, string]>([
    ['the work tree', { isPackaged: false, platform: 'darwin' }, 'no'],
    ['macOS', { platform: 'darwin' }, 'quietly'],
    [
      'Windows, in the own profile',
      {
        platform: 'win32',
        env: { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
        execPath: 'c:\\users\\ada\\appdata\\local\\Programs\\x.exe',
      },
      'quietly',
    ],
    [
      'Windows, for all',
      {
        platform: 'win32',
        env: { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
        execPath: 'C:\\Program Files\\x.exe',
      },
      'asking',
    ],
    ['a folder on Linux', {}, 'no'],
    ['an AppImage that is not there', { env: { APPIMAGE: '/nowhere/x.AppImage' } }, 'no'],
    ['an AppImage by a relative name', { env: { APPIMAGE: 'x.AppImage' } }, 'no'],
    ['another system', { platform: 'freebsd' }, 'no'],
  ])('%s: %s', (_name, installation, wanted) => {
    expect(of(installation)).toBe(wanted);
  });

  it('an AppImage in a folder of the person, and packages of the system', () => {
    const image = join(folder, 'x.AppImage');
    writeFileSync(image, '');
    expect(of({ env: { APPIMAGE: image } })).toBe('quietly');
    for (const type of ['deb', 'rpm', 'pacman']) {
      writeFileSync(join(folder, 'package-type'), `${type}\n`);
      expect(of({})).toBe('asking');
    }
  });
});

describe('what went wrong', () => {
  const coded = (code: string) => Object.assign(new Error('https://feed.example/x?token=abc'), { code });

  it.each<[string, unknown, number, string, string | null]>([
    ['a list that is not there', coded('ERR_UPDATER_CHANNEL_FILE_NOT_FOUND'), 404, 'notFound', 'noFeedFile'],
    ['another content', coded('ERR_CHECKSUM_MISMATCH'), 200, 'badResponse', 'checksum'],
    ['another signer', coded('ERR_UPDATER_INVALID_SIGNATURE'), 200, 'forbidden', 'signature'],
    ['a list that makes no sense', coded('ERR_UPDATER_INVALID_VERSION'), 200, 'badResponse', 'feed'],
    ['a full disk', coded('ENOSPC'), 200, 'unavailable', 'diskFull'],
    ['a folder of others', coded('EACCES'), 200, 'forbidden', 'noAccess'],
    ['no network', new Error('net::ERR_NAME_NOT_RESOLVED'), 0, 'network', 'dns'],
    ['a certificate', new Error('net::ERR_CERT_AUTHORITY_INVALID'), 0, 'network', 'certificateAuthority'],
    ['a file that is not there', new Error('Cannot download https://x'), 404, 'notFound', null],
    ['a closed door', new Error('x'), 403, 'forbidden', null],
    ['a server in trouble', new Error('x'), 503, 'unavailable', null],
    ['no error at all', 'x', 0, 'badResponse', 'feed'],
  ])('%s', (_name, thrown, status, code, reason) => {
    const error = updateError(thrown, status);
    expect([error.code, error.reason]).toEqual([code, reason]);
    expect(error.message).not.toMatch(/https|token/);
    expect(EN[failureText({ kind: 'failed', code, reason, version: null })]).toMatch(/\.$/);
  });

  it('keeps what is known already', () => {
    const error = new AppError('cancelled', 'x');
    expect(updateError(error, 500)).toBe(error);
  });
});

describe('patience', () => {
  const NEVER = new AbortController().signal;

  it('ends what gives no sign of life for too long, and no timer is left', async () => {
    const clock = new FakeClock(0);
    let fail: (error: Error) => void = () => {};
    const gaveUp: string[] = [];
    let sign = () => {};
    const giveUp = (reason: string) => {
      gaveUp.push(reason);
      fail(new Error(reason));
    };
    const work = withPatience({ clock, limit: 100, signal: NEVER, giveUp }, (goOn) => {
      sign = goOn;
      return new Promise((_resolve, reject) => {
        fail = reject;
      });
    });
    const ended = expect(work).rejects.toThrow('stalled');
    for (let time = 0; time < 5; time += 1) {
      await clock.advance(90);
      sign();
    }
    expect(gaveUp).toEqual([]);
    await clock.advance(100);
    await ended;
    expect([gaveUp, clock.timers]).toEqual([['stalled'], 0]);
  });

  it('ends what is given up, and begins nothing that was', async () => {
    const clock = new FakeClock(0);
    const abort = new AbortController();
    let fail: (error: Error) => void = () => {};
    const giveUp = (reason: string) => fail(new Error(reason));
    const patience = { clock, limit: 100, signal: abort.signal, giveUp };
    const work = withPatience(patience, () => new Promise((_resolve, reject) => (fail = reject)));
    const ended = expect(work).rejects.toThrow('aborted');
    await settle();
    abort.abort();
    await ended;
    await expect(withPatience(patience, async () => 'begun')).rejects.toThrow();
    expect(clock.timers).toBe(0);
  });
});

describe('a file that is replaced', () => {
  const failing = async () => {
    throw new Error('the disk is full');
  };

  it('is the new one, and nothing else is left', async () => {
    const file = join(folder, 'app');
    writeFileSync(file, 'old');
    await keepFile(file, async () => {
      rmSync(file);
      writeFileSync(file, 'new');
    });
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['new', ['app']]);
  });

  it('comes back when there is no new one', async () => {
    const file = join(folder, 'app');
    writeFileSync(file, 'old', { mode: 0o755 });
    const work = async () => {
      rmSync(file);
      await failing();
    };
    await expect(keepFile(file, work)).rejects.toThrow('the disk is full');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['app']]);
  });

  it('is the new one when what follows fails, and an older rest is no harm', async () => {
    const file = join(folder, 'app');
    writeFileSync(file, 'older');
    linkSync(file, `${file}.before-update`);
    rmSync(file);
    writeFileSync(file, 'old');
    const work = async () => {
      rmSync(file);
      writeFileSync(file, 'new');
      await failing();
    };
    await expect(keepFile(file, work)).rejects.toThrow();
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['new', ['app']]);
  });

  it('need not be there', async () => {
    const file = join(folder, 'app');
    await expect(keepFile(file, failing)).rejects.toThrow();
    expect(existsSync(file)).toBe(false);
  });
});

describe('what is remembered of updates', () => {
  it('is nothing, then what was written, and nothing again when it is broken', () => {
    const file = join(folder, 'updates.json');
    const memory = createUpdateMemory(file);
    expect(memory.read()).toEqual({ attempted: null, share: null });
    memory.write({ attempted: '2.1.0', share: 0.5 });
    expect(createUpdateMemory(file).read()).toEqual({ attempted: '2.1.0', share: 0.5 });
    for (const broken of ['{', '[]', '{"share":7}']) {
      writeFileSync(file, broken);
      expect(memory.read()).toEqual({ attempted: null, share: null });
    }
  });
});

import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { afterEach, describe, expect, it } from 'vitest';
import { defectFields, stopBeforeQuit, wantsDebug } from '../../../src/desktop/main/lifecycle.ts';

describe('debug', () => {
  it.each([
    [['--debug'], true],
    [['.', '1'], true],
    [['--', '--debug'], true],
    [['.'], false],
    [['11'], false],
  ])('is asked for by %j: %s', (args, wanted) => {
    expect(wantsDebug(args)).toBe(wanted);
  });
});

describe('what is logged of a defect', () => {
  it('is where, not what', () => {
    const fields = defectFields(new TypeError('token abc\nsecond line of it'));
    expect(fields.name).toBe('TypeError');
    expect(fields.stack).toMatch(/^\s+at /);
    expect(JSON.stringify(fields)).not.toMatch(/abc|second line/);
  });

  it('is little for what is no error', () => {
    expect(defectFields('a token')).toEqual({ name: 'string', stack: '' });
  });
});

describe('the end of the app', () => {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  const before = signals.map((signal) => [signal, process.listeners(signal)] as const);
  afterEach(() => {
    for (const [signal, listeners] of before) {
      for (const listener of process.listeners(signal))
        if (!listeners.includes(listener)) process.off(signal, listener);
    }
  });

  /** Electron's app, as far as ending it goes. */
  function ending(stop: (did: string[]) => Promise<void>) {
    const did: string[] = [];
    const events = new EventEmitter();
    let isPrevented = false;
    const quit = () => {
      isPrevented = false;
      events.emit('before-quit', { preventDefault: () => (isPrevented = true) });
      expect(isPrevented).toBe(true);
    };
    const ended = new Promise<void>((resolve) => events.once('exit', resolve));
    const app = {
      on: events.on.bind(events),
      quit,
      exit: (code: number) => events.emit('exit', did.push(`exit ${code}`)),
    };
    const { endWith } = stopBeforeQuit(app as unknown as App, () => stop(did));
    return { did, quit, ended, endWith };
  }

  const stopping = async (did: string[]) => void did.push('stop');

  it('stops once, then ends', async () => {
    const { did, quit, ended } = ending(stopping);
    quit();
    quit();
    await ended;
    expect(did).toEqual(['stop', 'exit 0']);
  });

  it('does what comes last when all has stopped, and once', async () => {
    const { did, quit, ended, endWith } = ending(stopping);
    endWith(async () => {
      // As an installer does.
      quit();
      did.push('last');
    });
    endWith(async () => void did.push('again'));
    await ended;
    expect(did).toEqual(['stop', 'last', 'exit 0']);
  });

  it('ends though stopping, or what comes last, fails', async () => {
    const failing = async () => {
      throw new Error('no');
    };
    const { did, ended, endWith } = ending(failing);
    endWith(async () => {
      did.push('last');
      await failing();
    });
    await ended;
    expect(did).toEqual(['last', 'exit 0']);
  });

  it('does nothing more for whoever comes when it is ending', async () => {
    const { did, quit, ended, endWith } = ending(stopping);
    quit();
    endWith(async () => void did.push('last'));
    await ended;
    expect(did).toEqual(['stop', 'exit 0']);
  });
});

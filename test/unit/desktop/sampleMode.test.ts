import { describe, expect, it } from 'vitest';
import { ENGLISH, text } from '../../../src/core/texts.ts';
import { wantsSample } from '../../../src/desktop/main/lifecycle.ts';
import { inSample, relaunchWith } from '../../../src/desktop/main/sampleMode.ts';

describe('sample data', () => {
  it.each([
    [['hipstatus', '--sample'], true],
    [['electron', '.', '1', '--sample'], true],
    [['hipstatus'], false],
    [['hipstatus', '--samples'], false],
  ])('are asked for by %j: %s', (argv, wanted) => {
    expect(wantsSample(argv)).toBe(wanted);
  });

  it('begin and end with the same app, told the same otherwise', () => {
    const own = ['/opt/electron', '--no-sandbox', '/app', '1'];
    const sample = relaunchWith('sample', own, '/opt/electron');
    expect(sample).toEqual({ execPath: '/opt/electron', args: ['--no-sandbox', '/app', '1', '--sample'] });
    const argv = [sample.execPath, ...sample.args];
    expect(relaunchWith('sample', argv, '/opt/electron')).toEqual(sample);
    expect(relaunchWith('own', argv, '/opt/electron')).toEqual({ execPath: '/opt/electron', args: own.slice(1) });
  });

  it('start an AppImage by its own file, not by what it has unpacked', () => {
    expect(relaunchWith('sample', ['/tmp/.mount_x/hipstatus'], '/home/ada/HipStatus.AppImage')).toEqual({
      execPath: '/home/ada/HipStatus.AppImage',
      args: ['--sample'],
    });
  });

  it('are no organisation: what they lock, they lock in their own name', () => {
    expect(text('common.banner', ENGLISH)).toBe('');
    expect(text('common.banner', inSample(ENGLISH))).toContain('Sample data');
    expect(text('menu.locked', inSample(ENGLISH), { label: 'Email' })).toBe('Email (sample data)');
    expect(text('menu.locked', inSample({ ...ENGLISH, language: 'de' }), { label: 'E-Mail' })).toBe(
      'E-Mail (Beispieldaten)',
    );
    for (const key of ['preferences.locked', 'welcome.locked', 'update.locked'] as const) {
      expect(text(key, inSample(ENGLISH))).toBe('Set by the sample data.');
    }
    expect(text('state.dnd', inSample(ENGLISH))).toBe('Do not disturb');
  });
});

import { describe, expect, it } from 'vitest';
import { autostartEntry, autostartFile, startCommand } from '../../../../src/adapters/electron/loginItem.ts';

const app = (isPackaged: boolean) => ({ isPackaged, getAppPath: () => '/work/app' });

describe('how the app is started with the session', () => {
  it.each([
    [
      'an AppImage by its own path',
      true,
      { APPIMAGE: '/home/ada/HipStatus.AppImage' },
      ['/home/ada/HipStatus.AppImage'],
    ],
    ['a package by its executable', true, {}, ['/opt/HipStatus/hipstatus']],
    ['a checkout by Electron and its folder', false, {}, ['/opt/HipStatus/hipstatus', '/work/app']],
  ])('%s', (_name, isPackaged, env, command) => {
    expect(startCommand(app(isPackaged), '/opt/HipStatus/hipstatus', env)).toEqual(command);
  });

  it('keeps the entry where the desktop looks for it', () => {
    expect(autostartFile({}, '/home/ada')).toBe('/home/ada/.config/autostart/hipstatus.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: '/cfg' }, '/home/ada')).toBe('/cfg/autostart/hipstatus.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: 'cfg' }, '/home/ada')).toBe(
      '/home/ada/.config/autostart/hipstatus.desktop',
    );
  });

  it.each([
    [['/opt/HipStatus/hipstatus'], 'Exec=/opt/HipStatus/hipstatus'],
    [['/home/ada/My Apps/Hip.AppImage'], 'Exec="/home/ada/My Apps/Hip.AppImage"'],
    [['/home/100%/a $b'], 'Exec="/home/100%%/a \\\\$b"'],
  ])('%j is quoted as the Desktop Entry Specification wants it', (command, line) => {
    expect(autostartEntry(command).split('\n')).toContain(line);
  });
});

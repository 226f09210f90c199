import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { appPaths, makeFolders } from '../../../../src/adapters/node/paths.ts';
import { tempFolder } from './tempFolder.ts';

describe('appPaths', () => {
  it('uses Application Support and Logs on macOS', () => {
    expect(appPaths({ platform: 'darwin', env: {}, homedir: '/Users/ada' })).toEqual({
      home: '/Users/ada/Library/Application Support/HipStatus',
      settingsFile: '/Users/ada/Library/Application Support/HipStatus/settings.json',
      claimsFile: '/Users/ada/Library/Application Support/HipStatus/claims.json',
      stateFile: '/Users/ada/Library/Application Support/HipStatus/state.json',
      activityFile: '/Users/ada/Library/Application Support/HipStatus/activity.jsonl',
      logFile: '/Users/ada/Library/Logs/HipStatus.log',
      runDir: '/Users/ada/Library/Application Support/HipStatus/run',
    });
  });

  it('follows the XDG folders on Linux and ignores relative ones', () => {
    const linux = (env: Record<string, string>) => appPaths({ platform: 'linux', env, homedir: '/home/ada' });
    expect(linux({}).home).toBe('/home/ada/.config/HipStatus');
    expect(linux({}).logFile).toBe('/home/ada/.local/state/HipStatus/HipStatus.log');
    expect(linux({ XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' })).toMatchObject({
      home: '/c/HipStatus',
      logFile: '/s/HipStatus/HipStatus.log',
    });
    expect(linux({ XDG_CONFIG_HOME: 'c' }).home).toBe('/home/ada/.config/HipStatus');
  });

  it('uses the roaming application data on Windows', () => {
    const windows = (env: Record<string, string>) => appPaths({ platform: 'win32', env, homedir: 'C:\\Users\\ada' });
    expect(windows({ APPDATA: 'D:\\Roam' }).settingsFile).toBe('D:\\Roam\\HipStatus\\settings.json');
    expect(windows({}).logFile).toBe('C:\\Users\\ada\\AppData\\Roaming\\HipStatus\\logs\\HipStatus.log');
  });

  it.each(['darwin', 'linux'] as const)('moves everything to HIPSTATUS_HOME, the log too (%s)', (platform) => {
    const paths = appPaths({ platform, env: { HIPSTATUS_HOME: '/else/where/' }, homedir: '/home/ada' });
    expect(paths.home).toBe('/else/where');
    expect(paths.logFile).toBe('/else/where/logs/HipStatus.log');
    expect(Object.values(paths).every((place) => place.startsWith('/else/where'))).toBe(true);
  });
});

describe('makeFolders', () => {
  it('makes the folders for their owner alone', () => {
    const home = path.join(tempFolder(), 'a', 'HipStatus');
    const paths = appPaths({ platform: process.platform, env: { HIPSTATUS_HOME: home }, homedir: '/' });
    makeFolders(paths);
    makeFolders(paths);
    for (const folder of [paths.home, paths.runDir, path.dirname(paths.logFile)]) {
      expect(statSync(folder).isDirectory()).toBe(true);
      if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readLegacyPreferences } from '../../../../src/adapters/node/legacyPreferences.ts';
import { type ManagedOptions, openManaged, readManaged } from '../../../../src/adapters/node/managedSettings.ts';
import { layerSettings } from '../../../../src/core/settings.ts';
import { tempFolder } from './tempFolder.ts';

const fixture = (name: string): Buffer => readFileSync(path.join(import.meta.dirname, 'fixtures', name));

/** Files by their path, as if on a disk. */
const disk =
  (files: Readonly<Record<string, Buffer | string>>) =>
  (file: string): Buffer | null => {
    const content = files[file];
    return content === undefined ? null : Buffer.from(content);
  };

const machine = (platform: NodeJS.Platform, files: Readonly<Record<string, Buffer | string>>): ManagedOptions => ({
  platform,
  env: {},
  bundleId: 'com.jamfsw.hipstatus',
  user: 'ada',
  read: disk(files),
});

const OF_ADA = '/Library/Managed Preferences/ada/com.jamfsw.hipstatus.plist';
const OF_ALL = '/Library/Managed Preferences/com.jamfsw.hipstatus.plist';
const MAC_JSON = '/Library/Application Support/HipStatus/managed.json';

describe('readManaged', () => {
  it('is empty where nothing is set', async () => {
    expect(await readManaged(machine('linux', {}))).toEqual({ value: {}, source: null, problems: [] });
  });

  it.each(['managed-binary.plist', 'managed-xml.plist'])('reads macOS managed preferences: %s', async (name) => {
    const managed = await readManaged(machine('darwin', { [OF_ALL]: fixture(name), [MAC_JSON]: '{}' }));
    expect(managed).toMatchObject({ source: OF_ALL, problems: [] });
    const { settings, locked, problems } = layerSettings({ statusMessage: 'mine' }, managed.value);
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      statusMessage: 'Busy',
      onQuit: 'leave',
      rules: { soloEvents: false, minimumMinutes: 5 },
      organisation: { helpDeskUrl: 'https://help.example.com', texts: { 'prompt.email.title': 'Your address' } },
    });
    expect([...locked]).toContain('rules.minimumMinutes');
  });

  it("prefers the person's managed preferences, then those of all, then the JSON file", async () => {
    const files: Record<string, Buffer | string> = {
      [OF_ADA]: fixture('managed-xml.plist'),
      [OF_ALL]: fixture('managed-xml.plist'),
      [MAC_JSON]: '{"version":1}',
    };
    expect((await readManaged(machine('darwin', files))).source).toBe(OF_ADA);
    delete files[OF_ADA];
    expect((await readManaged(machine('darwin', files))).source).toBe(OF_ALL);
    delete files[OF_ALL];
    expect(await readManaged(machine('darwin', files))).toEqual({
      value: { version: 1 },
      source: MAC_JSON,
      problems: [],
    });
  });

  it('reads the JSON file in the place of Linux and of Windows', async () => {
    const linux = machine('linux', { '/etc/hipstatus/managed.json': '\uFEFF{"email":"a@b.c"}' });
    expect((await readManaged(linux)).value).toEqual({ email: 'a@b.c' });
    const windows = machine('win32', { 'D:\\Data\\HipStatus\\managed.json': '{"email":"a@b.c"}' });
    expect((await readManaged({ ...windows, env: { ProgramData: 'D:\\Data' } })).value).toEqual({ email: 'a@b.c' });
  });

  it('reads the file that HIPSTATUS_MANAGED names, and no other', async () => {
    const files = { '/srv/m.json': '{"email":"a@b.c"}', [MAC_JSON]: '{}' };
    const options = { ...machine('darwin', files), env: { HIPSTATUS_MANAGED: '/srv/m.json' } };
    expect(await readManaged(options)).toMatchObject({ source: '/srv/m.json', value: { email: 'a@b.c' } });
    const missing = await readManaged({ ...options, env: { HIPSTATUS_MANAGED: '/srv/none.json' } });
    expect(missing.value).toEqual({});
    expect(missing.problems[0]?.message).toMatch(/\/srv\/none\.json.*not there/);
  });

  it.each([
    [OF_ALL, '<plist><dict><key>broken'],
    [OF_ALL, 'bplist00nonsense'],
    [OF_ALL, ''],
    [MAC_JSON, '{"email":'],
  ])('names a broken file and does not look further: %s %j', async (file, content) => {
    const managed = await readManaged(machine('darwin', { [MAC_JSON]: '{"email":"a@b.c"}', [file]: content }));
    expect(managed).toMatchObject({ value: {}, source: file });
    expect(managed.problems).toHaveLength(1);
    expect(managed.problems[0]?.message).toContain(file);
  });

  it('names a file that may not be read', async () => {
    const read = () => {
      throw new Error('EACCES');
    };
    const managed = await readManaged({ ...machine('linux', {}), read });
    expect(managed.problems[0]?.message).toMatch(/managed\.json cannot be read/);
  });
});

describe('openManaged', () => {
  it('has the new values when it tells that the file came or changed', async () => {
    const file = path.join(tempFolder(), 'managed.json');
    const source = await openManaged(
      { platform: 'linux', env: { HIPSTATUS_MANAGED: file }, bundleId: 'x', user: 'x' },
      10,
    );
    expect(source.read().problems).toHaveLength(1);
    const told = vi.fn();
    onTestFinished(source.watch(() => told(source.read().value)));
    writeFileSync(file, '{"email":"a@b.c"}');
    await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith({ email: 'a@b.c' }), { timeout: 10_000 });
    writeFileSync(file, '{"email":"ada@example.com"}');
    await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith({ email: 'ada@example.com' }), { timeout: 10_000 });
  });
});

describe('readLegacyPreferences', () => {
  const FILE = '/Users/ada/Library/Preferences/com.jamfsw.hipstatus.plist';
  const read = (content?: Buffer | string) =>
    readLegacyPreferences({
      homedir: '/Users/ada',
      bundleId: 'com.jamfsw.hipstatus',
      read: disk(content === undefined ? {} : { [FILE]: content }),
    });

  it.each(['hipstatus1-binary.plist', 'hipstatus1-xml.plist'])('takes over %s', async (name) => {
    const preferences = await read(fixture(name));
    expect(preferences).toEqual({ email: 'ada@example.com', statusMessage: 'In a meeting – back soon ☕' });
    expect(layerSettings(preferences).problems).toEqual([]);
  });

  it.each([
    undefined,
    '',
    'bplist00',
    '<plist version="1.0"><string>no dictionary</string></plist>',
    '<plist version="1.0"><dict><key>email</key><integer>1</integer></dict></plist>',
  ])('is null for what is not there, broken or of another kind: %j', async (content) => {
    expect(await read(content)).toBeNull();
  });

  it('leaves out what is missing', async () => {
    const content = '<plist version="1.0"><dict><key>default_message</key><string/></dict></plist>';
    expect(await read(content)).toEqual({ statusMessage: '' });
  });
});

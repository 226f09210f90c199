import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSettingsFile } from '../../../../src/adapters/node/settingsFile.ts';
import { watchFile } from '../../../../src/adapters/node/watchFile.ts';
import { tempFolder } from './tempFolder.ts';

const setUp = () => {
  const file = path.join(tempFolder(), 'settings.json');
  return { file, settings: createSettingsFile(file, () => Date.parse('2026-01-05T09:00:00Z')) };
};

describe('createSettingsFile', () => {
  it('is undefined at first, and then what was written, for its owner alone', () => {
    const { file, settings } = setUp();
    expect(settings.read()).toBeUndefined();
    settings.write({ version: 1, email: 'ada@example.com' });
    expect(settings.read()).toEqual({ version: 1, email: 'ada@example.com' });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes byte for byte what electron-store (conf) writes', () => {
    const { file, settings } = setUp();
    const value = { version: 1, chats: [{ id: 'hipchat', provider: 'hipchat' }], rules: { showAs: { busy: 'dnd' } } };
    settings.write(value);
    const conf = new Conf({ cwd: path.dirname(file), configName: 'other' });
    conf.store = value;
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(conf.path, 'utf8'));
  });

  it('says which file is no JSON, and sets it aside', () => {
    const { file, settings } = setUp();
    writeFileSync(file, '{"email": ');
    expect(() => settings.read()).toThrow(expect.objectContaining({ code: 'badResponse' }));
    expect(() => settings.read()).toThrow(file);
    expect(readFileSync(settings.setAside(), 'utf8')).toBe('{"email": ');
    expect(settings.read()).toBeUndefined();
  });

  it('tells of changes by others, not of its own', async () => {
    const { file, settings } = setUp();
    const changed = vi.fn();
    const seen = vi.fn();
    onTestFinished(settings.watch(changed));
    onTestFinished(watchFile(file, seen));
    settings.write({ email: 'own' });
    await vi.waitFor(() => expect(seen).toHaveBeenCalled());
    expect(changed).not.toHaveBeenCalled();
    createSettingsFile(file, Date.now).write({ email: 'other' });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
    expect(settings.read()).toEqual({ email: 'other' });
  });
});

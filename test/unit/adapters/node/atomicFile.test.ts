import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileError, readIfThere, setAside, writeAtomic } from '../../../../src/adapters/node/atomicFile.ts';
import { tempFolder } from './tempFolder.ts';

const NOW = Date.parse('2026-01-05T09:00:00.250Z');

describe('writeAtomic', () => {
  it('replaces the file, for its owner alone, and leaves nothing beside it', () => {
    const file = path.join(tempFolder(), 'new', 'note.json');
    writeAtomic(file, 'one');
    writeAtomic(file, 'zwei – ☕', { flush: false });
    expect(readFileSync(file, 'utf8')).toBe('zwei – ☕');
    expect(readdirSync(path.dirname(file))).toEqual(['note.json']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves the old file whole when it fails, and says which one', () => {
    const file = path.join(tempFolder(), 'note');
    mkdirSync(file);
    expect(() => writeAtomic(file, 'x')).toThrow(expect.objectContaining({ name: 'AppError', reason: 'fileSystem' }));
    expect(() => writeAtomic(file, 'x')).toThrow(file);
    expect(readdirSync(path.dirname(file))).toEqual(['note']);
  });
});

describe('fileError', () => {
  const failed = (code: string): Error => Object.assign(new Error(code), { code });

  it.each([
    ['ENOSPC', 'unavailable', 'diskFull'],
    ['EDQUOT', 'unavailable', 'diskFull'],
    ['EACCES', 'forbidden', 'noAccess'],
    ['EROFS', 'forbidden', 'noAccess'],
    ['EIO', 'unavailable', 'fileSystem'],
  ])('names %s as %s, %s', (code, expected, reason) => {
    const cause = failed(code);
    expect(fileError('/a/b', cause)).toMatchObject({ code: expected, reason, cause });
  });
});

describe('readIfThere', () => {
  it('is null for a file or folder that is not there', () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'file'), '');
    expect(readIfThere(path.join(folder, 'none'))).toBeNull();
    expect(readIfThere(path.join(folder, 'file', 'below'))).toBeNull();
  });

  it('drops a byte order mark', () => {
    const file = path.join(tempFolder(), 'bom');
    writeFileSync(file, '\uFEFF{}');
    expect(readIfThere(file)).toBe('{}');
  });
});

describe('setAside', () => {
  it('keeps each broken file under a name of its own', () => {
    const file = path.join(tempFolder(), 'settings.json');
    writeFileSync(file, 'a');
    const first = setAside(file, NOW);
    writeFileSync(file, 'b');
    const second = setAside(file, NOW);
    expect(first).toBe(`${file}.broken-2026-01-05T09-00-00Z`);
    expect(second).toBe(`${file}.broken-2026-01-05T09-00-00Z-2`);
    expect([first, second].map((name) => readFileSync(name, 'utf8'))).toEqual(['a', 'b']);
    expect(existsSync(file)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { LayeredSettingsStore } from '../../../src/engine/settings.ts';
import type { SettingsFile } from '../../../src/ports/settingsFile.ts';
import { MemoryLogger } from '../../fakes/memoryStores.ts';

class MemoryFile implements SettingsFile {
  content: unknown;
  isBroken = false;
  aside = 0;

  constructor(content: unknown = undefined) {
    this.content = content;
  }

  read(): unknown {
    if (this.isBroken) throw new AppError('badResponse', 'Not JSON.');
    return this.content;
  }

  write(value: Readonly<Record<string, unknown>>): void {
    this.content = value;
    this.isBroken = false;
  }

  setAside(): string {
    this.aside += 1;
    this.isBroken = false;
    return '/home/settings.broken.json';
  }

  watch(): () => void {
    return () => {};
  }
}

const store = (file: MemoryFile, managed: unknown = {}, legacy: Record<string, unknown> | null = null) =>
  new LayeredSettingsStore({
    file,
    readManaged: () => ({ value: managed, problems: [] }),
    readLegacy: () => legacy,
    logger: new MemoryLogger(),
  });

describe('settings', () => {
  it('keep what the person chose, and nothing else, in the file', () => {
    const file = new MemoryFile({ email: 'ada@example.com' });
    const settings = store(file, { oofMessage: 'Out' });
    const seen: string[] = [];
    settings.subscribe(({ statusMessage }) => seen.push(statusMessage));
    settings.update({ statusMessage: 'Busy' });
    expect(file.content).toEqual({ email: 'ada@example.com', statusMessage: 'Busy' });
    expect(seen).toEqual(['Busy']);
  });

  it('set a broken file aside, say so, and go on', () => {
    const file = new MemoryFile();
    file.isBroken = true;
    const settings = store(file);
    expect(file.aside).toBe(1);
    expect(settings.problems()[0]?.message).toContain('/home/settings.broken.json');
    settings.update({ email: 'ada@example.com' });
    expect(settings.get().email).toBe('ada@example.com');
  });

  it('name a value that does not hold, without losing it', () => {
    const file = new MemoryFile({ statusMessage: 7, email: 'ada@example.com' });
    const settings = store(file);
    expect(settings.problems()).toMatchObject([{ path: 'statusMessage' }]);
    settings.update({ oofMessage: 'Out' });
    expect(file.content).toMatchObject({ statusMessage: 7, oofMessage: 'Out' });
  });

  it('refuse to change what the organisation has set, and what does not parse', () => {
    const settings = store(new MemoryFile(), { statusMessage: 'Ours', rules: { soloEvents: false } });
    const { rules } = settings.get();
    expect(() => settings.update({ statusMessage: 'Mine' })).toThrow(/your organisation/);
    expect(() => settings.update({ rules: { ...rules, soloEvents: true } })).toThrow(/rules.soloEvents/);
    expect(() => settings.update({ rules: { ...rules, bridgeMinutes: 5 } })).not.toThrow();
    expect(() => settings.update({ email: 'no address' })).toThrow(AppError);
    expect(settings.get()).toMatchObject({ statusMessage: 'Ours', email: '', rules: { bridgeMinutes: 5 } });
  });

  it('take over the preferences of the former HipStatus once', () => {
    const file = new MemoryFile();
    store(file, {}, { email: 'ada@example.com', statusMessage: 'In a meeting' });
    expect(file.content).toEqual({ version: 1, email: 'ada@example.com', statusMessage: 'In a meeting' });
    const again = store(file, {}, { email: 'other@example.com' });
    expect(again.get().email).toBe('ada@example.com');
  });

  it('follow a change by another program', () => {
    const file = new MemoryFile({});
    const settings = store(file);
    const seen: string[] = [];
    settings.subscribe(({ email }) => seen.push(email));
    file.content = { email: 'ada@example.com' };
    settings.reload();
    settings.reload();
    expect(seen).toEqual(['ada@example.com']);
  });
});

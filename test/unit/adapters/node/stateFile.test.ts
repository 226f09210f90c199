import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { createStateFile, requestSync, watchSyncRequests } from '../../../../src/adapters/node/stateFile.ts';
import { tempFolder } from './tempFolder.ts';

const schema = z.object({ phase: z.string() });

describe('createStateFile', () => {
  it('gives another process what was written', () => {
    const file = path.join(tempFolder(), 'state.json');
    const state = createStateFile(file, schema);
    expect(state.read()).toBeNull();
    state.write({ phase: 'free' });
    expect(createStateFile(file, schema).read()).toEqual({ phase: 'free' });
    state.remove();
    expect(existsSync(file)).toBe(false);
  });

  it('takes what it does not understand as none', () => {
    const file = path.join(tempFolder(), 'state.json');
    for (const text of ['{"pha', '{"phase":1}']) {
      writeFileSync(file, text);
      expect(createStateFile(file, schema).read()).toBeNull();
    }
  });

  it('tells of each new state', async () => {
    const file = path.join(tempFolder(), 'state.json');
    const seen = vi.fn();
    onTestFinished(createStateFile(file, schema).watch(seen));
    createStateFile(file, schema).write({ phase: 'busy' });
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith({ phase: 'busy' }));
  });
});

describe('sync requests', () => {
  it('reach the running program one by one, but not those from before', async () => {
    const runDir = path.join(tempFolder(), 'run');
    mkdirSync(runDir);
    requestSync(runDir);
    const requested = vi.fn();
    onTestFinished(watchSyncRequests(runDir, requested));
    expect(existsSync(path.join(runDir, 'sync-request'))).toBe(false);
    for (const count of [1, 2]) {
      requestSync(runDir);
      await vi.waitFor(() => expect(requested).toHaveBeenCalledTimes(count));
    }
  });
});
